import {
  CreateDBClusterParameterGroupCommand,
  DeleteDBClusterParameterGroupCommand,
  DescribeDBEngineVersionsCommand,
  ModifyDBClusterParameterGroupCommand,
} from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf } from '../../module.ts'
import { errorName, ignoreMissing, isDuplicate } from '../errors.ts'
import { tagList } from '../tags.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/**
 * A parameter group of the cluster's own, in which TLS is required or not; both parameters work at once where the cluster has the group
 * already; a group that is new to it counts after a restart, which the plan says (pending.ts).
 */
export async function applyParameters(want: Want, version: string | undefined, cloud: Cloud): Promise<string> {
  const rds = await cloud.client('rds')
  const family = await familyOf(want, version, cloud)
  const name = groupName(want.name, family)
  await rds
    .send(
      new CreateDBClusterParameterGroupCommand({
        DBClusterParameterGroupName: name,
        DBParameterGroupFamily: family,
        Description: `Of the cluster ${want.name}, made by runner`,
        Tags: tagList(cloud.tags),
      }),
    )
    .catch((error: unknown) => {
      if (!isDuplicate(error)) throw error
    })
  const [parameter, on, off] = family.includes('postgres')
    ? ['rds.force_ssl', '1', '0']
    : ['require_secure_transport', 'ON', 'OFF']
  await rds.send(
    new ModifyDBClusterParameterGroupCommand({
      DBClusterParameterGroupName: name,
      Parameters: [
        {
          ParameterName: parameter,
          ParameterValue: (want.require_tls ?? true) ? on : off,
          ApplyMethod: 'immediate',
        },
      ],
    }),
  )
  cloud.changed('rds:')
  return name
}

/** Another family is another group, so that a cluster can go from one to the next. */
export function groupName(cluster: string, family: string): string {
  return `${cluster.toLowerCase()}-${family.replaceAll('.', '-')}`
}

async function familyOf(want: Want, version: string | undefined, cloud: Cloud): Promise<string> {
  const { engine = 'mysql', topology = 'multi_az' } = want
  const Engine = topology === 'aurora' && !engine.startsWith('aurora') ? `aurora-${engine}` : engine
  const known = want.version ?? version
  if (known !== undefined)
    return `${Engine}${known
      .split('.')
      .slice(0, Engine.includes('postgres') ? 1 : 2)
      .join('.')}`
  const { DBEngineVersions: [found] = [] } = await (
    await cloud.client('rds')
  ).send(new DescribeDBEngineVersionsCommand({ Engine, DefaultOnly: true }))
  return found?.DBParameterGroupFamily ?? `${Engine}8.4`
}

/** The group goes after the cluster, if it is one that was made for it. */
export async function removeParameters(cluster: string, group: string, cloud: Cloud): Promise<void> {
  if (!group.startsWith(`${cluster}-`)) return
  await (
    await cloud.client('rds')
  )
    .send(new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName: group }))
    .catch((error: unknown) => {
      if (errorName(error) !== 'InvalidDBParameterGroupStateFault') ignoreMissing(error)
    })
}
