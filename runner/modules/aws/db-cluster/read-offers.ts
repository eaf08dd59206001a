import { paginateDescribeOrderableDBInstanceOptions } from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import { Failure, failure } from '../../../language/diagnostic.ts'
import type { ArgsOf } from '../../module.ts'
import { groups as subnetGroups } from '../db-subnet-group/read.ts'
import type { args } from './schema.ts'

/** Refuses a class that cannot be had, where another one is to be than is there. */
export async function checkClass(
  want: Partial<ArgsOf<typeof args>>,
  have: { readonly class: string } | undefined,
  cloud: Cloud,
): Promise<void> {
  const refused = have?.class === want.class ? undefined : await refusedClass(want, cloud)
  if (refused) throw refused
}

/**
 * Why the wanted class cannot be had, as far as AWS says: not all classes are made into Multi-AZ clusters, and not in all regions.
 * When it lists no offer at all, nothing is known, and nothing refused.
 */
async function refusedClass(want: Partial<ArgsOf<typeof args>>, cloud: Cloud): Promise<Failure | undefined> {
  const { class: size, engine = 'mysql', topology = 'multi_az' } = want
  if (typeof size !== 'string' || typeof engine !== 'string' || typeof topology !== 'string') return undefined
  const aurora = topology === 'aurora'
  const Engine = aurora && !engine.startsWith('aurora') ? `aurora-${engine}` : engine
  const zones = await offeredIn(Engine, size, aurora, cloud)
  if (zones === undefined) return undefined
  const covered = await zonesOf(want.subnet_group, cloud)
  const usable = zones.filter((zone) => covered?.includes(zone) ?? true).length
  if (usable >= (aurora ? 1 : 3)) return undefined
  const where = covered && zones.length > usable ? ` of the subnet group ${want.subnet_group}` : ''
  const why =
    zones.length === 0
      ? 'offers no such cluster'
      : `offers it in ${usable} zones${where}, and ${aurora ? 'one is' : 'three are'} needed`
  return failure('E798', `${cloud.region} ${why}: ${Engine} on ${size}${aurora ? '' : ', Multi-AZ'}`, {
    hint: `aws rds describe-orderable-db-instance-options --engine ${Engine} lists the classes; Multi-AZ clusters need local disks (db.c6gd, db.m6gd, db.r6gd, …)`,
  })
}

/** Zones in which AWS makes such clusters of a class; undefined when it lists no offer of the class at all. */
async function offeredIn(
  Engine: string,
  size: string,
  aurora: boolean,
  cloud: Cloud,
): Promise<readonly string[] | undefined> {
  return await cloud.once(`rds-offers:${Engine}:${size}:${aurora}`, async () => {
    const client = await cloud.client('rds')
    const pages = paginateDescribeOrderableDBInstanceOptions({ client }, { Engine, DBInstanceClass: size, Vpc: true })
    let most: readonly string[] | undefined
    for await (const page of pages)
      for (const offer of page.OrderableDBInstanceOptions ?? []) {
        const zones = (offer.AvailabilityZones ?? []).flatMap((zone) => zone.Name ?? [])
        const suits = aurora || offer.SupportsClusters
        // versions and kinds of storage have offers of their own: what one of them allows can be had
        if (most === undefined || (suits && zones.length > most.length)) most = suits ? zones : []
      }
    return most
  })
}

/** Zones of a subnet group that is there already; of one that is still to be made nothing is known. */
async function zonesOf(name: unknown, cloud: Cloud): Promise<readonly string[] | undefined> {
  if (typeof name !== 'string') return undefined
  const found = (await subnetGroups(cloud)).find((one) => one.DBSubnetGroupName?.toLowerCase() === name.toLowerCase())
  return found?.Subnets?.flatMap((subnet) => subnet.SubnetAvailabilityZone?.Name ?? [])
}
