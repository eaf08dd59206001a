import { isIPv4, isIPv6 } from 'node:net'
import { canonical } from '../../../plan/change.ts'
import { firstUnknown, Unknown, type Value } from '../../../plan/unknown.ts'

/** One rule in the form in which wanted and actual ones are compared: one protocol, one range, one source. */
export interface Rule {
  readonly protocol: string
  /** `80`, `8000-8010` or `all`; of ICMP a type, or type and code. */
  readonly port: string
  /** A CIDR, `sg-…`, `pl-…`, or `self`: the group itself. */
  readonly source: Value
  readonly description: Value
}

interface Written {
  readonly protocol?: unknown
  readonly port?: unknown
  readonly cidr?: unknown
  readonly group?: unknown
  readonly prefix_list?: unknown
  readonly description?: unknown
}

/** What the user wrote, in normal form: AWS says `-1` for all protocols, lower case and the network address of a CIDR. */
export function normalRule(written: unknown): Value {
  if (written instanceof Unknown) return written
  const { protocol = 'tcp', port, cidr, group, prefix_list: list, description = '' } = written as Written
  const source = cidr ?? group ?? list ?? '0.0.0.0/0'
  const any = protocol === 'all' || port === undefined
  return {
    protocol: protocol as Value,
    port: any ? 'all' : port instanceof Unknown ? port : oneRange(String(port), protocol),
    source: typeof source === 'string' ? normalSource(source) : (source as Value),
    description: description as Value,
  }
}

/** All ports of TCP are 0 to 65535 to AWS; of ICMP the two numbers are a type and a code. */
function oneRange(port: string, protocol: unknown): string {
  const [from = '', to = from] = port.split('-')
  if (isIcmp(protocol)) return port
  return from === '0' && to === '65535' ? 'all' : from === to ? from : `${from}-${to}`
}

export const isIcmp = (protocol: unknown): boolean => protocol === 'icmp' || protocol === 'icmpv6'

/** AWS takes two rules for the same that differ in nothing but the description (InvalidPermission.Duplicate). */
export const isSameRule = (one: Rule, other: Rule): boolean =>
  canonical([one.protocol, one.port, one.source]) === canonical([other.protocol, other.port, other.source])

/** Each rule once: AWS refuses a call that names one twice. What is not known yet is not compared. */
export function distinct(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(
    (rule, at) =>
      firstUnknown(rule) !== undefined || rules.findIndex((one) => canonical(one) === canonical(rule)) === at,
  )
}

/** AWS stores `10.0.0.5/24` as `10.0.0.0/24`, and IPv6 compressed and in lower case (RFC 5952). */
export function normalSource(source: string): string {
  const [address = '', prefix] = source.split('/')
  if (prefix === undefined) return source.toLowerCase()
  const bits = Number(prefix)
  if (isIPv4(address) && bits <= 32) {
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    const size = 2 ** (32 - bits)
    const network = Math.floor(number / size) * size
    return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')}/${bits}`
  }
  return isIPv6(address) && bits <= 128 ? `${networkOf(address, bits)}/${bits}` : source.toLowerCase()
}

/** The URL standard writes IPv6 addresses as RFC 5952 says: it compresses them, so that we need not. */
const compressed = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1)

function networkOf(address: string, bits: number): string {
  const [head = '', tail] = compressed(address).split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const between = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const parts = [...left, ...between, ...right].map((part, at) => {
    const kept = Math.min(16, Math.max(0, bits - 16 * at))
    return (Number.parseInt(part, 16) & (0xffff << (16 - kept)) & 0xffff).toString(16)
  })
  return compressed(parts.join(':'))
}
