import { paginateDescribeInstances, paginateDescribeInstanceStatus, type Instance } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { byName, tagMap } from '../tags.ts'
import type { args } from './schema.ts'

export interface Machine extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly state: string
  readonly imageId: string
  readonly type: string
  readonly keyName: string | undefined
  readonly subnet: string | undefined
  readonly securityGroups: readonly string[]
  readonly profile: string | undefined
  /** `required` or `optional`; undefined where EC2 does not say. */
  readonly imdsTokens: string | undefined
  readonly metadataHops: number | undefined
  readonly privateIp: string | undefined
  readonly publicIp: string | undefined
  readonly publicDns: string | undefined
}

/** All instances that are not going or gone, read once. */
export function instances(cloud: Cloud): Promise<readonly Instance[]> {
  return cloud.once('ec2:instances', async () => {
    const found: Instance[] = []
    const alive = [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }]
    for await (const page of paginateDescribeInstances({ client: await cloud.client('ec2') }, { Filters: alive })) {
      found.push(...(page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []))
    }
    return found
  })
}

export async function read(want: Pick<ArgsOf<typeof args>, 'name'>, cloud: Cloud): Promise<Machine | undefined> {
  const found = byName(
    await instances(cloud),
    (one) => tagMap(one.Tags)['Name'] === want.name && !('aws:autoscaling:groupName' in tagMap(one.Tags)),
    (one) => tagMap(one.Tags),
    cloud.playbook,
  )
  if (!found?.InstanceId) return undefined
  const state = found.State?.Name ?? 'running'
  return {
    id: found.InstanceId,
    tags: tagMap(found.Tags),
    ...(state === 'pending' && { pending: state }),
    name: want.name,
    state,
    imageId: found.ImageId ?? '',
    type: found.InstanceType ?? '',
    keyName: found.KeyName,
    subnet: found.SubnetId,
    securityGroups: (found.NetworkInterfaces?.[0]?.Groups ?? found.SecurityGroups ?? []).map(
      (group) => group.GroupId ?? '',
    ),
    profile: found.IamInstanceProfile?.Arn?.split('/').at(-1),
    imdsTokens: found.MetadataOptions?.HttpTokens,
    metadataHops: found.MetadataOptions?.HttpPutResponseHopLimit,
    privateIp: found.PrivateIpAddress,
    publicIp: found.PublicIpAddress,
    publicDns: found.PublicDnsName,
  }
}

/** Whether AWS's own checks of a running instance have passed, or what they say. */
export async function checksOf(id: string, cloud: Cloud): Promise<'ok' | string> {
  for await (const page of paginateDescribeInstanceStatus(
    { client: await cloud.client('ec2') },
    { InstanceIds: [id] },
  )) {
    const [status] = page.InstanceStatuses ?? []
    if (status)
      return status.SystemStatus?.Status === 'ok' && status.InstanceStatus?.Status === 'ok'
        ? 'ok'
        : `checks: ${status.InstanceStatus?.Status ?? 'initializing'}`
  }
  return 'checks have not begun'
}
