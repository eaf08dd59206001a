import type { Cloud } from '../../../connections/cloud.ts'
import { changeRecords, inSync } from '../apply-route53.ts'
import { recordsOf, zoneOf } from '../read-route53.ts'
import { domainName } from '../route53-record/names.ts'
import type { Certificate } from './diff.ts'

type Records = Certificate['validation']

/** Puts the records into the zone by which AWS sees that the domains are the owner's; they stay, for renewals. */
export async function applyValidation(named: string, records: Records, cloud: Cloud): Promise<void> {
  const zone = await zoneOf(named, cloud)
  const id = await changeRecords(
    zone,
    records.map(({ name, type, value }) => ({
      Action: 'UPSERT',
      ResourceRecordSet: { Name: name, Type: type as 'CNAME', TTL: 300, ResourceRecords: [{ Value: value }] },
    })),
    cloud,
  )
  await inSync(id, 'the record that proves the domain', cloud)
}

/** Takes away those records that are still as they were made; AWS wants them said exactly. */
export async function removeValidation(named: string, records: Records, cloud: Cloud): Promise<void> {
  const zone = await zoneOf(named, cloud)
  const there = (await recordsOf(zone, cloud)).filter((one) =>
    records.some(
      ({ name, type, value }) =>
        domainName(one.Name ?? '') === domainName(name) &&
        one.Type === type &&
        one.ResourceRecords?.length === 1 &&
        domainName(one.ResourceRecords[0]?.Value ?? '') === domainName(value),
    ),
  )
  if (there.length === 0) return
  await changeRecords(
    zone,
    there.map((ResourceRecordSet) => ({ Action: 'DELETE', ResourceRecordSet })),
    cloud,
  )
}
