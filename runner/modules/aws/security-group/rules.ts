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

/** AWS stores `10.0.0.5/24` as `10.0.0.0/24`; IPv6 in lower case. */
export function normalSource(source: string): string {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(source)
  if (!match) return source.toLowerCase()
  const bits = Number(match[5])
  const address = match.slice(1, 5).reduce((number, part) => number * 256 + Number(part), 0)
  const size = 2 ** (32 - bits)
  const network = Math.floor(address / size) * size
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')}/${bits}`
}
