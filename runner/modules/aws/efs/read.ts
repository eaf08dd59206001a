import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2'
import {
  DescribeBackupPolicyCommand,
  DescribeLifecycleConfigurationCommand,
  DescribeMountTargetSecurityGroupsCommand,
  DescribeMountTargetsCommand,
  paginateDescribeFileSystems,
  type FileSystemDescription,
  type MountTargetDescription,
} from '@aws-sdk/client-efs'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { ignoreMissing } from '../errors.ts'
import { tagMap } from '../tags.ts'
import type { args } from './schema.ts'

export interface Target {
  readonly id: string
  readonly subnet: string
  readonly state: string
  readonly groups: readonly string[]
}

export interface FileSystem extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly arn: string
  readonly name: string
  readonly dnsName: string
  readonly state: string
  readonly encrypted: boolean
  readonly performance: string
  readonly throughput: string
  readonly provisioned: number | undefined
  /** As it would be written; undefined unless it was asked for. */
  readonly lifecycle: Readonly<Record<string, string>> | undefined
  readonly backup: boolean | undefined
  readonly targets: readonly Target[]
}

type Want = Pick<ArgsOf<typeof args>, 'name'> & Partial<ArgsOf<typeof args>>

export async function read(want: Want, cloud: Cloud): Promise<FileSystem | undefined> {
  const all = (await fileSystems(cloud)).filter(
    (one) =>
      tagMap(one.Tags)['Name'] === want.name && one.LifeCycleState !== 'deleted' && one.LifeCycleState !== 'deleting',
  )
  const found = all.find((one) => tagMap(one.Tags)['runner:playbook'] === cloud.playbook) ?? all[0]
  if (!found?.FileSystemId) return undefined
  const targets = await targetsOf(found.FileSystemId, cloud)
  const state = found.LifeCycleState ?? 'available'
  const late = targets.find((target) => target.state !== 'available')
  const pending = state === 'available' ? late && `mount target ${late.id} ${late.state}` : state
  return {
    id: found.FileSystemId,
    tags: tagMap(found.Tags),
    ...(pending !== undefined && { pending }),
    arn: found.FileSystemArn ?? '',
    name: want.name,
    dnsName: `${found.FileSystemId}.efs.${cloud.region}.amazonaws.com`,
    state,
    encrypted: found.Encrypted ?? false,
    performance: found.PerformanceMode ?? 'generalPurpose',
    throughput: found.ThroughputMode ?? 'bursting',
    provisioned: found.ProvisionedThroughputInMibps,
    lifecycle: want.lifecycle === undefined ? undefined : await lifecycleOf(found.FileSystemId, cloud),
    backup: want.backup === undefined ? undefined : await backupOf(found.FileSystemId, cloud),
    targets,
  }
}

export function fileSystems(cloud: Cloud): Promise<readonly FileSystemDescription[]> {
  return cloud.once('efs:file-systems', async () => {
    const found: FileSystemDescription[] = []
    for await (const page of paginateDescribeFileSystems({ client: await cloud.client('efs') }, {}))
      found.push(...(page.FileSystems ?? []))
    return found
  })
}

/** Mount targets, with their security groups from their network interfaces: one call for all instead of one each. */
async function targetsOf(id: string, cloud: Cloud): Promise<readonly Target[]> {
  return await cloud.once(`efs:mount-targets:${id}`, async () => {
    const { MountTargets: targets = [] } = await (
      await cloud.client('efs')
    ).send(new DescribeMountTargetsCommand({ FileSystemId: id }))
    const groups = await groupsOf(targets, cloud)
    return await Promise.all(
      targets.map(async (target) => ({
        id: target.MountTargetId ?? '',
        subnet: target.SubnetId ?? '',
        state: target.LifeCycleState ?? 'available',
        groups: groups.get(target.NetworkInterfaceId ?? '') ?? (await ownGroups(target.MountTargetId ?? '', cloud)),
      })),
    )
  })
}

/** EC2 shows a new interface later than EFS its mount target: then that one is asked. */
async function ownGroups(id: string, cloud: Cloud): Promise<readonly string[]> {
  const answer = await (
    await cloud.client('efs')
  )
    .send(new DescribeMountTargetSecurityGroupsCommand({ MountTargetId: id }))
    // it is gone meanwhile
    .catch(ignoreMissing)
  return answer?.SecurityGroups ?? []
}

async function groupsOf(
  targets: readonly MountTargetDescription[],
  cloud: Cloud,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = targets.flatMap((target) => target.NetworkInterfaceId ?? [])
  if (ids.length === 0) return new Map()
  const { NetworkInterfaces: interfaces = [] } = await (
    await cloud.client('ec2')
  )
    // by a filter: an interface that went with its mount target is left out, where an id would fail the whole call
    .send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'network-interface-id', Values: ids }] }))
  return new Map(
    interfaces.map((one) => [one.NetworkInterfaceId ?? '', (one.Groups ?? []).map((group) => group.GroupId ?? '')]),
  )
}

/** Each policy of the list has one transition; together they are one map. */
async function lifecycleOf(id: string, cloud: Cloud): Promise<Readonly<Record<string, string>>> {
  return await cloud.once(`efs:lifecycle:${id}`, async () => {
    const efs = await cloud.client('efs')
    const { LifecyclePolicies: found = [] } = await efs.send(
      new DescribeLifecycleConfigurationCommand({ FileSystemId: id }),
    )
    const all = Object.assign({}, ...found) as (typeof found)[number]
    const pairs = [
      ['infrequent_access', all.TransitionToIA],
      ['archive', all.TransitionToArchive],
      ['back', all.TransitionToPrimaryStorageClass],
    ] as const
    return Object.fromEntries(pairs.flatMap(([name, value]) => (value ? [[name, value.toLowerCase()]] : [])))
  })
}

/** Without a policy (PolicyNotFound) there are no copies. */
async function backupOf(id: string, cloud: Cloud): Promise<boolean> {
  return await cloud.once(`efs:backup:${id}`, async () => {
    const efs = await cloud.client('efs')
    const answer = await efs.send(new DescribeBackupPolicyCommand({ FileSystemId: id })).catch(ignoreMissing)
    return ['ENABLED', 'ENABLING'].includes(answer?.BackupPolicy?.Status ?? '')
  })
}
