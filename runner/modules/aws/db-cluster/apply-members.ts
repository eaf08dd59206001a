import { CreateDBInstanceCommand, DeleteDBInstanceCommand, ModifyDBInstanceCommand } from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf } from '../../module.ts'
import { isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import type { Cluster } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Aurora's members are instances of their own: makes those that are missing, takes away readers that are too many. */
export async function applyMembers(want: Want, members: Cluster['members'], cloud: Cloud): Promise<void> {
  const wanted = (want.readers ?? 1) + 1
  const { engine = 'mysql' } = want
  const rds = await cloud.client('rds')
  const names = new Set(members.map((member) => member.name))
  const base = want.name.toLowerCase()
  let missing = wanted - members.length
  for (let number = 1; missing > 0; number++) {
    const name = `${base}-${number}`
    if (names.has(name)) continue
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: name,
        DBClusterIdentifier: base,
        DBInstanceClass: want.class,
        Engine: engine.startsWith('aurora') ? engine : `aurora-${engine}`,
        Tags: tagList(cloud.tags),
      }),
    )
    missing -= 1
  }
  const readers = members.filter((member) => !member.writer)
  await removeMembers(missing < 0 ? readers.slice(missing) : [], cloud)
}

/** Another class for all members. */
export async function resizeMembers(want: Want, members: Cluster['members'], cloud: Cloud): Promise<void> {
  const rds = await cloud.client('rds')
  // readers first, so that AWS can fail over to one that has the new class already
  for (const { name } of members.toSorted((a, b) => Number(a.writer) - Number(b.writer)))
    await rds.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, DBInstanceClass: want.class, ApplyImmediately: true }),
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
