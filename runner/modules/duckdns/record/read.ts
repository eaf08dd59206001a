import type { Cloud } from '../../../connections/cloud.ts'
import { firstRecord } from '../../../connections/dns.ts'
import { hostName, type Records, type Want } from './diff.ts'

/** What DNS says of the domain; undefined when it has none of the wanted records. */
export async function read(want: Want, cloud: Cloud): Promise<Records | undefined> {
  const name = hostName(want.domain)
  const server = typeof want.resolver === 'string' ? want.resolver : undefined
  return await cloud.once(`duckdns:${name}`, async () => {
    const [ipv4, ipv6, text] = await Promise.all([
      want.ipv4 === undefined ? undefined : firstRecord(name, 'A', server),
      want.ipv6 === undefined ? undefined : firstRecord(name, 'AAAA', server),
      want.txt === undefined ? undefined : firstRecord(name, 'TXT', server),
    ])
    // DuckDNS answers an empty text where there is none
    const txt = text === '' ? undefined : text
    if (ipv4 === undefined && ipv6 === undefined && txt === undefined) return undefined
    return { id: name, name, ipv4, ipv6, txt }
  })
}
