import {
  CreateFileSystemCommand,
  CreateMountTargetCommand,
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  ModifyMountTargetSecurityGroupsCommand,
  UpdateFileSystemCommand,
} from '@aws-sdk/client-efs'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { errorName, ignoreMissing, isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { applyPolicies } from './apply-policies.ts'
import { read, type FileSystem } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Creates the file system and what is missing of its mount targets; a mount target needs the file system to be available. */
export async function apply(change: Change, want: Want, have: FileSystem | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    return await apply({ ...change, action: 'create' }, want, undefined, cloud)
  }
  const efs = await cloud.client('efs')
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  if (!have) {
    await efs.send(
      new CreateFileSystemCommand({
        CreationToken: cloud.token(want.name, String(want.encrypted ?? true)).slice(0, 64),
        Encrypted: want.encrypted ?? true,
        PerformanceMode: want.performance ?? 'generalPurpose',
        ...throughputOf(want),
        Tags: tagList({ ...cloud.tags, Name: want.name }),
      }),
    )
  } else if (changes('throughput') || changes('provisioned_mibps'))
    await efs.send(new UpdateFileSystemCommand({ FileSystemId: have.id, ...throughputOf(want) }))
  const there = await withoutSurplus(want, await available(want, cloud), cloud)
  await applyPolicies(want, there.id, (path) => !have || changes(path), cloud)
  const groups = want.security_groups ? { SecurityGroups: [...want.security_groups] } : {}
  for (const subnet of want.subnets) {
    const target = there.targets.find((one) => one.subnet === subnet)
    if (!target) await efs.send(new CreateMountTargetCommand({ FileSystemId: there.id, SubnetId: subnet, ...groups }))
    else if (have && changes('security_groups'))
      await efs.send(new ModifyMountTargetSecurityGroupsCommand({ MountTargetId: target.id, ...groups }))
  }
  cloud.changed('efs:')
}

function throughputOf({ throughput = 'elastic', provisioned_mibps: mibps }: Want) {
  return {
    ThroughputMode: throughput,
    ...(throughput === 'provisioned' && { ProvisionedThroughputInMibps: mibps }),
  }
}

/** A zone has one mount target at most (MountTargetConflict), so the one in the old subnet goes before that in the new one comes. */
async function withoutSurplus(want: Want, there: FileSystem, cloud: Cloud): Promise<FileSystem> {
  const surplus = there.targets.filter((target) => !want.subnets.includes(target.subnet))
  if (surplus.length === 0) return there
  const efs = await cloud.client('efs')
  for (const target of surplus)
    await efs.send(new DeleteMountTargetCommand({ MountTargetId: target.id })).catch(ignoreMissing)
  return await cloud.poll({
    what: `mount targets of ${want.name} to be gone`,
    every: 5,
    timeout: 600,
    look: async () => {
      cloud.changed('efs:')
      const now = await available(want, cloud)
      const left = now.targets.filter((target) => surplus.some((one) => one.id === target.id))
      return left.length === 0 ? { done: now } : { status: `${left.length} left` }
    },
  })
}

async function available(want: Want, cloud: Cloud): Promise<FileSystem> {
  return await cloud.poll({
    what: `file system ${want.name}`,
    every: 3,
    timeout: 600,
    look: async () => {
      cloud.changed('efs:')
      const now = await read(want, cloud)
      return now && (now.state === 'available' || now.state === 'updating')
        ? { done: now }
        : { status: now?.state ?? 'not visible yet' }
    },
  })
}

/** Waits until every mount target answers. */
export async function ready(want: Want, have: FileSystem, cloud: Cloud): Promise<FileSystem> {
  if (have.pending === undefined) return have
  return await cloud.poll({
    what: `mount targets of ${want.name}`,
    every: 5,
    timeout: 900,
    look: async () => {
      cloud.changed('efs:')
      const now = await read(want, cloud)
      return now && now.pending === undefined ? { done: now } : { status: now?.pending ?? 'not visible' }
    },
  })
}

/** Mount targets go first; AWS refuses to delete the file system while one is there. */
export async function destroy(want: Want, have: FileSystem, cloud: Cloud): Promise<void> {
  const efs = await cloud.client('efs')
  for (const target of have.targets)
    await efs.send(new DeleteMountTargetCommand({ MountTargetId: target.id })).catch(ignoreMissing)
  await cloud.poll({
    what: `file system ${want.name} to be gone`,
    every: 5,
    timeout: 900,
    look: async () => {
      try {
        cloud.changed('efs:')
        if (!(await read(want, cloud))) return { done: true }
        await efs.send(new DeleteFileSystemCommand({ FileSystemId: have.id }))
        return { done: true }
      } catch (error) {
        if (isMissing(error)) return { done: true }
        if (errorName(error) !== 'FileSystemInUse') throw error
        return { status: 'its mount targets are being deleted' }
      }
    },
  })
  cloud.changed('efs:')
}
