import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { ArgsOf } from '../../module.ts'
import { recordsOf, zoneOf } from '../read-route53.ts'
import type { DnsRecord } from './diff.ts'
import { domainName, nameInZone } from './names.ts'
import type { args } from './schema.ts'

type Key = Pick<ArgsOf<typeof args>, 'zone' | 'name' | 'type'>

export async function read(want: Key, cloud: Cloud): Promise<DnsRecord | undefined> {
  const found = await recordSet(want, cloud)
  if (!found) return undefined
  const zone = await zoneOf(want.zone, cloud)
  const { AliasTarget: alias } = found
  return {
    id: `${domainName(found.Name ?? '')} ${found.Type}`,
    name: nameInZone(want.name, zone.name).replace(/\.$/, ''),
    zoneId: zone.id,
    alias: alias && {
      dns_name: alias.DNSName ?? '',
      zone_id: alias.HostedZoneId ?? '',
      evaluate_health: alias.EvaluateTargetHealth ?? false,
    },
    values: (found.ResourceRecords ?? []).map((one) => one.Value ?? ''),
    ttl: found.TTL,
  }
}

/** The record as Route 53 has it: to delete one, all of it must be said. */
export async function recordSet(want: Key, cloud: Cloud): Promise<ResourceRecordSet | undefined> {
  const zone = await zoneOf(want.zone, cloud)
  const name = nameInZone(want.name, zone.name)
  const found = (await recordsOf(zone, cloud)).filter(
    (one) => domainName(one.Name ?? '') === name && one.Type === (want.type ?? 'A'),
  )
  const routed = found.find((one) => one.SetIdentifier !== undefined)
  if (routed)
    throw failure('E765', `${name} has records with a routing policy (${routed.SetIdentifier})`, {
      hint: 'aws.route53_record keeps simple records; give this one another name, or take the others away',
    })
  return found[0]
}
