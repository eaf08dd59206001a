import {
  CreateDBClusterCommand,
  DeleteDBClusterCommand,
  ModifyDBClusterCommand,
  type ModifyDBClusterCommandInput,
} from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { ignoreMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { applyMembers, removeMembers, resizeMembers } from './apply-members.ts'
import { applyReaderScaling, removeReaderScaling } from './apply-scaling.ts'
import { applyParameters, removeParameters } from './apply-tls.ts'
import { diff } from './diff.ts'
import { clusters, read, type Cluster } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

export async function apply(change: Change, want: Want, have: Cluster | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    await create(want, cloud)
  } else if (have) await update(change, want, have, cloud)
  else await create(want, cloud)
  cloud.changed('rds:')
}

async function create(want: Want, cloud: Cloud): Promise<void> {
  const rds = await cloud.client('rds')
  const { topology = 'multi_az', storage, engine = 'mysql' } = want
  const aurora = topology === 'aurora'
  await gone(want.name.toLowerCase(), cloud)
  const parameters = (want.require_tls ?? true) ? await applyParameters(want, undefined, cloud) : undefined
  await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: want.name,
      Engine: aurora && !engine.startsWith('aurora') ? `aurora-${engine}` : engine,
      MasterUsername: want.username,
      // the password never leaves AWS: the application reads it from Secrets Manager
      ManageMasterUserPassword: true,
      StorageEncrypted: true,
      CopyTagsToSnapshot: true,
      BackupRetentionPeriod: want.backup_days ?? 7,
      DeletionProtection: want.deletion_protection ?? true,
      Tags: tagList(cloud.tags),
      ...windows(want),
      ...(parameters !== undefined && { DBClusterParameterGroupName: parameters }),
      ...(want.serverless && { ServerlessV2ScalingConfiguration: capacity(want) }),
      ...(want.version !== undefined && { EngineVersion: want.version }),
      ...(want.database !== undefined && { DatabaseName: want.database }),
      ...(want.subnet_group !== undefined && { DBSubnetGroupName: want.subnet_group }),
      ...(want.security_groups && { VpcSecurityGroupIds: [...want.security_groups] }),
      ...(!aurora && {
        DBClusterInstanceClass: want.class,
        AllocatedStorage: storage?.size ?? 100,
        StorageType: storage?.type ?? 'gp3',
        ...(storage?.iops !== undefined && { Iops: storage.iops }),
      }),
    }),
  )
  if (aurora) await applyMembers(want, undefined, cloud)
  if (want.reader_scaling) await applyReaderScaling(want, cloud)
}

function windows({ backup_window: backup, maintenance_window: maintenance }: Want) {
  return {
    ...(backup !== undefined && { PreferredBackupWindow: backup.toLowerCase() }),
    ...(maintenance !== undefined && { PreferredMaintenanceWindow: maintenance.toLowerCase() }),
  }
}

function capacity({ serverless }: Want) {
  return { MinCapacity: serverless?.min, MaxCapacity: serverless?.max }
}

/** One call for all that changed of the cluster, and calls for Aurora's members. */
async function update(change: Change, want: Want, have: Cluster, cloud: Cloud): Promise<void> {
  const paths = new Set(change.fields.map((field) => field.path))
  const aurora = have.topology === 'aurora'
  const { storage } = want
  const changes: Omit<ModifyDBClusterCommandInput, 'DBClusterIdentifier'> = {
    ...(paths.has('version') && {
      EngineVersion: want.version,
      ...(want.version !== undefined &&
        major(want.version) !== major(have.version) && { AllowMajorVersionUpgrade: true }),
    }),
    ...(await parameterGroup(paths, want, have, cloud)),
    ...((paths.has('backup_window') || paths.has('maintenance_window')) && windows(want)),
    ...(paths.has('serverless') && { ServerlessV2ScalingConfiguration: capacity(want) }),
    ...(paths.has('class') && !aurora && { DBClusterInstanceClass: want.class }),
    ...(paths.has('storage') &&
      storage && {
        AllocatedStorage: storage.size,
        StorageType: storage.type ?? 'gp3',
        ...(storage.iops !== undefined && { Iops: storage.iops }),
      }),
    ...(paths.has('security_groups') && { VpcSecurityGroupIds: [...(want.security_groups ?? [])] }),
    ...(paths.has('backup_days') && { BackupRetentionPeriod: want.backup_days ?? 7 }),
    ...(paths.has('deletion_protection') && { DeletionProtection: want.deletion_protection ?? true }),
  }
  const rds = await cloud.client('rds')
  if (Object.keys(changes).length > 0)
    await rds.send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: have.name,
        ApplyImmediately: want.apply_immediately ?? true,
        ...changes,
      }),
    )
  if (aurora && paths.has('class')) await resizeMembers(want, have.members, cloud)
  if (aurora && paths.has('readers')) await applyMembers(want, have, cloud)
  if (paths.has('reader_scaling')) await applyReaderScaling(want, cloud)
}

/** A major version needs a group of its own family; TLS alone only another value in the group that is there. */
async function parameterGroup(paths: ReadonlySet<string>, want: Want, have: Cluster, cloud: Cloud) {
  const upgraded = paths.has('version') && want.version !== undefined && major(want.version) !== major(have.version)
  const own = have.parameterGroup.startsWith(`${have.name}-`)
  if (!paths.has('require_tls') && !(upgraded && own)) return {}
  const name = await applyParameters(want, have.version, cloud)
  return name === have.parameterGroup ? {} : { DBClusterParameterGroupName: name }
}

/** `8.4` of `8.4.5`. */
function major(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

const broken = ['failed', 'inaccessible-encryption-credentials', 'incompatible-parameters', 'storage-failure']

/**
 * Waits until the cluster and all its members are available. After a change AWS says `available` for some seconds more, with the
 * old values: so it must be seen with the new ones, or have stayed so for ten looks.
 */
export async function ready(want: Want, have: Cluster, cloud: Cloud): Promise<Cluster> {
  if (have.pending === undefined && have.endpoint !== undefined && diff(want, have).action === 'none') return have
  let unchanged = 0
  return await cloud.poll({
    what: `database cluster ${want.name}`,
    every: 15,
    timeout: 3600,
    look: async () => {
      cloud.changed('rds:')
      const now = await read(want, cloud)
      if (!now) return { status: 'not visible yet' }
      if (broken.includes(now.status))
        throw failure('E785', `the database cluster ${now.name} is ${now.status}`, {
          hint: 'its events in the RDS console say why',
        })
      if (now.pending !== undefined || now.endpoint === undefined) return { status: now.pending ?? 'no endpoint yet' }
      if (diff(want, now).action === 'none' || ++unchanged > 10) return { done: now }
      return { status: 'available, its change not begun' }
    },
  })
}

export async function destroy(want: Want, have: Cluster, cloud: Cloud): Promise<void> {
  const rds = await cloud.client('rds')
  if (have.deletionProtection && (want.deletion_protection ?? true)) {
    throw failure('E786', `the database cluster ${have.name} is protected against deletion`, {
      hint: 'set deletion_protection: false in the playbook if its data may go',
    })
  }
  if (have.deletionProtection)
    await rds.send(
      new ModifyDBClusterCommand({ DBClusterIdentifier: have.name, DeletionProtection: false, ApplyImmediately: true }),
    )
  // members of a Multi-AZ cluster go with it; those of Aurora go first, and with them what would make new ones
  if (have.topology === 'aurora') {
    await removeReaderScaling(have.name, cloud)
    await removeMembers(have.members, cloud)
  }
  const keep = want.final_snapshot ?? true
  // the name of a snapshot must be unique, also when a cluster of this name is destroyed a second time
  const snapshot = `${have.name}-final-${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}`
  await rds
    .send(
      new DeleteDBClusterCommand({
        DBClusterIdentifier: have.name,
        ...(keep ? { FinalDBSnapshotIdentifier: snapshot } : { SkipFinalSnapshot: true }),
      }),
    )
    .catch(ignoreMissing)
  await gone(have.name, cloud)
  await removeParameters(have.name, have.parameterGroup, cloud)
}

/** Waits until there is no cluster of that name any more, also none that is still being deleted. */
async function gone(name: string, cloud: Cloud): Promise<void> {
  await cloud.poll({
    what: `database cluster ${name} to be gone`,
    every: 15,
    timeout: 3600,
    look: async () => {
      cloud.changed('rds:')
      const now = (await clusters(cloud)).find((one) => one.DBClusterIdentifier === name)
      return now ? { status: now.Status ?? 'still there' } : { done: true }
    },
  })
}
