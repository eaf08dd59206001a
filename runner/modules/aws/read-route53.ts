import {
  ListResourceRecordSetsCommand,
  paginateListHostedZones,
  type HostedZone,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import type { Cloud } from '../../connections/cloud.ts'
import { failure } from '../../language/diagnostic.ts'
import { domainName } from './route53-record/names.ts'

export interface Zone {
  /** Without the `/hostedzone/` that Route 53 puts before it. */
  readonly id: string
  /** Lower case, with a dot at its end. */
  readonly name: string
}

function hostedZones(cloud: Cloud): Promise<readonly HostedZone[]> {
  return cloud.once('route53:zones', async () => {
    const found: HostedZone[] = []
    for await (const page of paginateListHostedZones({ client: await cloud.client('route53') }, {}))
      found.push(...(page.HostedZones ?? []))
    return found
  })
}

/** The hosted zone of that id or name; of a name that exists twice the public one. */
export async function zoneOf(named: string, cloud: Cloud): Promise<Zone> {
  const all = await hostedZones(cloud)
  const idOf = (zone: HostedZone): string => (zone.Id ?? '').replace(/^\/hostedzone\//, '')
  const id = named.replace(/^\/hostedzone\//, '')
  const name = domainName(named)
  const found = all.filter((zone) => idOf(zone) === id || domainName(zone.Name ?? '') === name)
  const open = found.length > 1 ? found.filter((zone) => !zone.Config?.PrivateZone) : found
  const [zone] = open
  if (zone && open.length === 1) return { id: idOf(zone), name: domainName(zone.Name ?? '') }
  throw failure('E764', `there ${open.length === 0 ? 'is no hosted zone' : 'are several hosted zones'} ${named}`, {
    hint:
      open.length === 0
        ? `Route 53 knows ${all.map((one) => one.Name).join(', ') || 'none'}; make the zone there, and let the registrar point to its name servers`
        : `say which by its id: ${open.map(idOf).join(', ')}`,
  })
}

/** All records of a zone, read once. Of this call the SDK has no paginator: the next page begins at a name, type and set. */
export function recordsOf(zone: Zone, cloud: Cloud): Promise<readonly ResourceRecordSet[]> {
  return cloud.once(`route53:records:${zone.id}`, async () => {
    const route53 = await cloud.client('route53')
    const found: ResourceRecordSet[] = []
    for (let next: Partial<ListResourceRecordSetsCommandInput> | undefined = {}; next !== undefined;) {
      const page: ListResourceRecordSetsCommandOutput = await route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, ...next }),
      )
      found.push(...(page.ResourceRecordSets ?? []))
      next = page.IsTruncated
        ? {
            StartRecordName: page.NextRecordName,
            StartRecordType: page.NextRecordType,
            StartRecordIdentifier: page.NextRecordIdentifier,
          }
        : undefined
    }
    return found
  })
}
