import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBSubnetGroupsCommand,
  ModifyDBInstanceCommand,
} from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf } from '../../module.ts'
import { isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import type { Cluster } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Aurora's members are instances of their own: makes those that are missing, takes away readers that are too many. */
export async function applyMembers(want: Want, have: Cluster | undefined, cloud: Cloud): Promise<void> {
  const members = have?.members ?? []
  const wanted = (want.readers ?? 1) + 1
  const { engine = 'mysql' } = want
  const rds = await cloud.client('rds')
  const names = new Set(members.map((member) => member.name))
  const base = want.name.toLowerCase()
  let missing = wanted - members.length
  const zones = missing > 0 ? await freeZones(want, members, cloud) : []
  for (let number = 1; missing > 0; number++) {
    const name = `${base}-${number}`
    if (names.has(name)) continue
    const zone = zones.shift()
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: name,
        DBClusterIdentifier: base,
        DBInstanceClass: want.class,
        ...(zone !== undefined && { AvailabilityZone: zone }),
        Engine: engine.startsWith('aurora') ? engine : `aurora-${engine}`,
        Tags: tagList(cloud.tags),
      }),
    )
    missing -= 1
  }
  const readers = members.filter((member) => !member.writer)
  await removeMembers(missing < 0 ? readers.slice(missing) : [], cloud)
}

/** Zones of the subnet group for so many new members: those that have the fewest first, so that each member is in another. */
async function freeZones(want: Want, members: Cluster['members'], cloud: Cloud): Promise<string[]> {
  if (want.subnet_group === undefined) return []
  const { DBSubnetGroups: [group] = [] } = await (
    await cloud.client('rds')
  ).send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: want.subnet_group }))
  const zones = [...new Set((group?.Subnets ?? []).flatMap((one) => one.SubnetAvailabilityZone?.Name ?? []))].toSorted()
  const used = new Map(zones.map((zone) => [zone, members.filter((member) => member.zone === zone).length]))
  const chosen: string[] = []
  for (let left = (want.readers ?? 1) + 1 - members.length; left > 0 && zones.length > 0; left--) {
    const next = zones.reduce((best, zone) => ((used.get(zone) ?? 0) < (used.get(best) ?? 0) ? zone : best))
    used.set(next, (used.get(next) ?? 0) + 1)
    chosen.push(next)
  }
  return chosen
}

/** Another class for all members. */
export async function resizeMembers(want: Want, members: Cluster['members'], cloud: Cloud): Promise<void> {
  const rds = await cloud.client('rds')
  // readers first, so that AWS can fail over to one that has the new class already
  for (const { name } of members.toSorted((a, b) => Number(a.writer) - Number(b.writer)))
    await rds.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: name,
        DBInstanceClass: want.class,
        ApplyImmediately: want.apply_immediately ?? true,
      }),
    )
}

/** Deletes members; their data is the cluster's, so there is no snapshot to take of them. */
export async function removeMembers(members: Cluster['members'], cloud: Cloud): Promise<void> {
  const rds = await cloud.client('rds')
  for (const { name } of members) {
    try {
      await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, SkipFinalSnapshot: true }))
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
}
