import { isIPv4, isIPv6 } from 'node:net'
import { Unknown, type Value } from '../../../plan/unknown.ts'

/** One rule in the form in which wanted and actual ones are compared: one protocol, one range, one source. */
export interface Rule {
  readonly protocol: string
  /** `80`, `8000-8010` or `all`. */
  readonly port: string
  /** A CIDR, `sg-…` or `pl-…`. */
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
  const all = protocol === 'all'
  return {
    protocol: protocol as Value,
    port: all ? 'all' : port === undefined ? 'all' : port instanceof Unknown ? port : oneRange(String(port)),
    source: typeof source === 'string' ? normalSource(source) : (source as Value),
    description: description as Value,
  }
}

function oneRange(port: string): string {
  const [from = '', to = from] = port.split('-')
  return from === to ? from : `${from}-${to}`
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
