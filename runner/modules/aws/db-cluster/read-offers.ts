import { paginateDescribeOrderableDBInstanceOptions } from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import { Failure, failure } from '../../../language/diagnostic.ts'
import type { ArgsOf } from '../../module.ts'
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
  const zones = await cloud.once(`rds-offers:${Engine}:${size}:${topology}`, async () => {
    const client = await cloud.client('rds')
    const pages = paginateDescribeOrderableDBInstanceOptions({ client }, { Engine, DBInstanceClass: size, Vpc: true })
    let most: number | undefined
    for await (const page of pages)
      for (const offer of page.OrderableDBInstanceOptions ?? []) {
        const suits = aurora || offer.SupportsClusters
        most = Math.max(most ?? 0, suits ? (offer.AvailabilityZones?.length ?? 0) : 0)
        if (most >= 3) return most
      }
    return most
  })
  if (zones === undefined || zones >= (aurora ? 1 : 3)) return undefined
  const why = zones === 0 ? 'offers no such cluster' : `offers it in ${zones} zones, and three are needed`
  return failure('E798', `${cloud.region} ${why}: ${Engine} on ${size}${aurora ? '' : ', Multi-AZ'}`, {
    hint: `aws rds describe-orderable-db-instance-options --engine ${Engine} lists the classes; Multi-AZ clusters need local disks (db.c6gd, db.m6gd, db.r6gd, …)`,
  })
}
