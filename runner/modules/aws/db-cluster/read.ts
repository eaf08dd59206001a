import {
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  type DBCluster,
  type DBInstance,
} from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { tagMap } from '../tags.ts'
import { requiresTls } from './read-parameters.ts'
import { readerScaling } from './read-scaling.ts'
import type { args } from './schema.ts'

export interface Cluster extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly arn: string
  readonly status: string
  readonly engine: string
  readonly version: string
  readonly topology: 'multi_az' | 'aurora'
  readonly class: string
  readonly readers: number
  readonly serverless: { readonly min: number; readonly max: number } | undefined
  readonly readerScaling: { readonly min: number; readonly max: number; readonly target_cpu: number } | undefined
  readonly storage: { readonly size: number; readonly type: string; readonly iops: number | undefined }
  readonly subnetGroup: string
  readonly securityGroups: readonly string[]
  readonly username: string
  readonly database: string | undefined
  readonly backupDays: number
  readonly backupWindow: string
  readonly maintenanceWindow: string
  readonly parameterGroup: string
  readonly requireTls: boolean
  /** What AWS has accepted and keeps for the maintenance window. */
  readonly pendingValues: {
    readonly class?: string | undefined
    readonly version?: string | undefined
    readonly size?: number | undefined
    readonly iops?: number | undefined
    readonly backupDays?: number | undefined
  }
  readonly deletionProtection: boolean
  readonly endpoint: string | undefined
  readonly readerEndpoint: string | undefined
  readonly port: number | undefined
  readonly secretArn: string | undefined
  readonly members: readonly {
    readonly name: string
    readonly writer: boolean
    readonly status: string
    readonly zone?: string | undefined
    /** Whether it works by the cluster's parameter group: `in-sync`, or `pending-reboot`. */
    readonly parameters?: string | undefined
  }[]
}

type Want = Pick<ArgsOf<typeof args>, 'name'> & Partial<ArgsOf<typeof args>>

export async function read(want: Want, cloud: Cloud): Promise<Cluster | undefined> {
  const name = want.name.toLowerCase()
  const found = (await clusters(cloud)).find((cluster) => cluster.DBClusterIdentifier === name)
  // what is being deleted cannot be kept any more
  const there = found?.Status === 'deleting' ? undefined : found
  if (!there) return undefined
  const cluster = clusterOf(there, await instances(cloud))
  return {
    ...cluster,
    requireTls: await requiresTls(cluster.parameterGroup, cloud),
    readerScaling: want.reader_scaling === undefined ? undefined : await readerScaling(name, cloud),
  }
}

function clusterOf(found: DBCluster, all: readonly DBInstance[]): Omit<Cluster, 'requireTls' | 'readerScaling'> {
  const own = all.filter((instance) => instance.DBClusterIdentifier === found.DBClusterIdentifier)
  const members = (found.DBClusterMembers ?? []).map((member) => {
    const name = member.DBInstanceIdentifier ?? ''
    return {
      name,
      writer: member.IsClusterWriter ?? false,
      status: own.find((one) => one.DBInstanceIdentifier === name)?.DBInstanceStatus ?? 'available',
      zone: own.find((one) => one.DBInstanceIdentifier === name)?.AvailabilityZone,
      parameters: member.DBClusterParameterGroupStatus,
    }
  })
  const aurora = found.Engine?.startsWith('aurora') ?? false
  const status = found.Status ?? 'unknown'
  const behind = members.find((member) => member.status !== 'available')
  return {
    id: found.DBClusterIdentifier ?? '',
    tags: tagMap(found.TagList),
    ...(status === 'available' && !behind
      ? {}
      : { pending: status === 'available' ? `${behind?.name} ${behind?.status}` : status }),
    name: found.DBClusterIdentifier ?? '',
    arn: found.DBClusterArn ?? '',
    status,
    engine: found.Engine ?? '',
    version: found.EngineVersion ?? '',
    topology: aurora ? 'aurora' : 'multi_az',
    class: found.DBClusterInstanceClass ?? own[0]?.DBInstanceClass ?? '',
    readers: members.filter((member) => !member.writer).length,
    serverless: found.ServerlessV2ScalingConfiguration && {
      min: found.ServerlessV2ScalingConfiguration.MinCapacity ?? 0,
      max: found.ServerlessV2ScalingConfiguration.MaxCapacity ?? 0,
    },
    storage: { size: found.AllocatedStorage ?? 0, type: found.StorageType ?? 'gp3', iops: found.Iops },
    subnetGroup: found.DBSubnetGroup ?? '',
    securityGroups: (found.VpcSecurityGroups ?? []).map((group) => group.VpcSecurityGroupId ?? ''),
    username: found.MasterUsername ?? '',
    database: found.DatabaseName,
    backupDays: found.BackupRetentionPeriod ?? 1,
    backupWindow: found.PreferredBackupWindow ?? '',
    maintenanceWindow: found.PreferredMaintenanceWindow ?? '',
    parameterGroup: found.DBClusterParameterGroup ?? '',
    pendingValues: {
      // of the class AWS tells by its members
      class: own.find((one) => one.PendingModifiedValues?.DBInstanceClass)?.PendingModifiedValues?.DBInstanceClass,
      version: found.PendingModifiedValues?.EngineVersion,
      size: found.PendingModifiedValues?.AllocatedStorage,
      iops: found.PendingModifiedValues?.Iops,
      backupDays: found.PendingModifiedValues?.BackupRetentionPeriod,
    },
    deletionProtection: found.DeletionProtection ?? false,
    endpoint: found.Endpoint,
    readerEndpoint: found.ReaderEndpoint,
    port: found.Port,
    secretArn: found.MasterUserSecret?.SecretArn,
    members,
  }
}

export function clusters(cloud: Cloud): Promise<readonly DBCluster[]> {
  return cloud.once('rds:clusters', async () => {
    const found: DBCluster[] = []
    for await (const page of paginateDescribeDBClusters({ client: await cloud.client('rds') }, {}))
      found.push(...(page.DBClusters ?? []))
    return found
  })
}

function instances(cloud: Cloud): Promise<readonly DBInstance[]> {
  return cloud.once('rds:instances', async () => {
    const found: DBInstance[] = []
    for await (const page of paginateDescribeDBInstances({ client: await cloud.client('rds') }, {}))
      found.push(...(page.DBInstances ?? []))
    return found
  })
}
