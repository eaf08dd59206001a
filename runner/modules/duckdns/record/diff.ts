import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>
export type Want = Wanted<Args, 'domain'>

/** What DNS answers. DuckDNS has no tags: whoever has the token owns the domain. */
export interface Records extends Found {
  readonly name: string
  readonly ipv4: string | undefined
  readonly ipv6: string | undefined
  readonly txt: string | undefined
}

export function hostName(domain: string): string {
  return `${domain.toLowerCase().replace(/\.duckdns\.org$/, '')}.duckdns.org`
}

export function diff({ token, ipv4, ipv6, txt }: Want, have: Records | undefined): Change {
  if (typeof token === 'string')
    throw failure('E772', '`token` must be a secret, so that it is shown nowhere', {
      hint: 'token: !secret env:DUCKDNS_TOKEN',
    })
  const address = typeof ipv6 === 'string' ? normalAddress(ipv6) : ipv6
  const there = have && { ipv4: have.ipv4, ipv6: have.ipv6 && normalAddress(have.ipv6), txt: have.txt }
  return compare({ ipv4, ipv6: address, txt }, there)
}

/** RFC 5952: one way of writing an IPv6 address. */
function normalAddress(text: string): string {
  try {
    return new URL(`http://[${text}]`).hostname.slice(1, -1)
  } catch {
    return text.toLowerCase()
  }
}
