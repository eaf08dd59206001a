import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { changeRecords, inSync } from '../apply-route53.ts'
import { zoneOf } from '../read-route53.ts'
import { diff, type DnsRecord } from './diff.ts'
import { nameInZone, recordValue } from './names.ts'
import { read, recordSet } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

export async function apply(_change: Change, want: Want, _have: DnsRecord | undefined, cloud: Cloud): Promise<void> {
  const zone = await zoneOf(want.zone, cloud)
  const wanted = wantedSet(want, nameInZone(want.name, zone.name))
  const id = await changeRecords(zone, [{ Action: 'UPSERT', ResourceRecordSet: wanted }], cloud)
  // for `ready`, which waits for this change
  cloud.changed(changeOf(want))
  await cloud.once(changeOf(want), () => Promise.resolve(id))
}

function changeOf({ zone, name, type = 'A' }: Want): string {
  return `route53-change:${zone}:${name}:${type}`
}

function wantedSet(want: Want, name: string): ResourceRecordSet {
  const { type = 'A', alias, values = [], ttl = 300 } = want
  return alias
    ? {
        Name: name,
        Type: type,
        AliasTarget: {
          DNSName: alias.dns_name,
          HostedZoneId: alias.zone_id,
          EvaluateTargetHealth: alias.evaluate_health ?? false,
        },
      }
    : {
        Name: name,
        Type: type,
        TTL: ttl,
        ResourceRecords: values.map((value) => ({ Value: recordValue(type, value) })),
      }
}

export async function ready(want: Want, have: DnsRecord, cloud: Cloud): Promise<DnsRecord> {
  const id = await cloud.once(changeOf(want), () => Promise.resolve(''))
  if (id !== '') await inSync(id, have.name, cloud)
  return (await read(want, cloud)) ?? have
}

/** Only what is as the playbook says is deleted: a record carries no tag, so another one may be somebody else's. */
export async function destroy(want: Want, have: DnsRecord, cloud: Cloud): Promise<void> {
  cloud.changed(`route53:records:${have.zoneId}`)
  const [there, now] = [await recordSet(want, cloud), await read(want, cloud)]
  if (!there || !now) return
  const change = diff(want, now)
  if (change.action === 'update')
    throw failure('E766', `the record ${have.name} is not as this playbook made it`, {
      hint: `it differs in ${change.fields.map((field) => field.path).join(', ')}; run apply first if it is yours, or delete it by hand`,
    })
  await changeRecords(await zoneOf(want.zone, cloud), [{ Action: 'DELETE', ResourceRecordSet: there }], cloud)
}
