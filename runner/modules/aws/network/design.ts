import { failure } from '../../../language/diagnostic.ts'
import { firstUnknown, Unknown, type Value } from '../../../plan/unknown.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import { blocksOf, overlap, type Block } from './blocks.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>
export type Want = Wanted<Args, 'name' | 'cidr' | 'vpc'>

/** What of a network all who refer to it get. */
export interface Network extends Found {
  readonly cidr: string
  readonly zones: readonly string[]
  readonly publicSubnets: readonly string[]
  readonly privateSubnets: readonly string[]
  /** Of a network that a task makes; absent where one is looked up. */
  readonly made?: Made
}

export interface Subnet {
  readonly id: string
  readonly zone: string
  readonly cidr: string
  /** Whether instances get public addresses. */
  readonly publicIps: boolean
  /** Where its traffic to the Internet goes: id of a gateway; absent: nowhere. */
  readonly leads?: string
  /** The table that was given to it, and by which association; absent: the VPC's main one counts. */
  readonly table?: string
  readonly association?: string
}

export interface Nat {
  readonly id: string
  readonly subnet: string
  readonly state: string
  readonly address?: string
  readonly publicIp?: string
  readonly message?: string
}

export interface Table {
  readonly id: string
  readonly name: string
  readonly leads?: string
  readonly associations: readonly { readonly id: string; readonly subnet: string }[]
}

export interface Endpoint {
  readonly id: string
  readonly tables: readonly string[]
}

/** The parts of a network that belong to it, and what is beside them. */
export interface Made {
  /** Absent: somebody deleted the VPC, and an address or a gateway is left. */
  readonly vpc?: string
  readonly state: string
  readonly dnsSupport: boolean
  readonly dnsHostnames: boolean
  readonly gateway?: string
  readonly subnets: readonly Subnet[]
  /** Addresses of subnets that are not of this network. */
  readonly taken: readonly string[]
  readonly tables: readonly Table[]
  readonly nats: readonly Nat[]
  readonly addresses: readonly { readonly id: string; readonly name: string }[]
  readonly endpoint?: Endpoint
  /** Zones that AWS offers, by name. */
  readonly available: readonly string[]
  /** Tags that all parts have. */
  readonly common: Readonly<Record<string, string>>
  /** A second VPC or gateway of an answer that got lost. */
  readonly spare: { readonly vpcs: readonly string[]; readonly gateways: readonly string[] }
}

/** A zone of a network: which subnets it has or gets there. */
export interface Place extends Block {
  /** Not known before AWS was asked which zones there are. */
  readonly zone: Value
}

/** The zones of a network in their order, each with its addresses. Those that it has keep theirs. */
export function placesOf({ zones = 2, cidr = '' }: Want, made: Made | undefined): readonly Place[] | Unknown {
  if (zones instanceof Unknown) return zones
  const blocks = blocksOf(cidr)
  const there = new Map<Value, number>()
  for (const [index, block] of blocks.entries()) {
    const own = made?.subnets.find((one) => one.cidr === block.public || one.cidr === block.private)
    if (own) there.set(own.zone, index)
  }
  const all = Array.isArray(zones) ? (zones as readonly Value[]) : someOf(Number(zones), there, made)
  const others = made ? [...made.taken, ...made.subnets.map((one) => one.cidr)] : []
  const free = blocks.flatMap((block, index) =>
    others.some((cidrOther) => overlap(cidrOther, block.public) || overlap(cidrOther, block.private)) ? [] : [index],
  )
  return all.map((zone) => {
    const block = blocks[there.get(zone) ?? free.shift() ?? -1]
    if (block) return { zone, ...block }
    throw failure('E744', `${cidr} has room for subnets in ${blocks.length} zones, ${all.length} are wanted`, {
      hint: 'ask for fewer zones, or give the network more addresses',
    })
  })
}

/** So many zones: those that there are first, then those that AWS offers in their order. */
function someOf(count: number, there: ReadonlyMap<Value, number>, made: Made | undefined): readonly Value[] {
  const own = [...there.keys()]
  const more = (made?.available ?? []).filter((zone) => !there.has(zone))
  const known = [...own, ...more].slice(0, count)
  const open = Array.from({ length: count - known.length }, () => new Unknown('AWS says which zones there are'))
  return [...known, ...open]
}

/** In which zones there are to be NAT gateways. One for all stays where there is one. */
export function natZones(nat: Want['nat'], places: readonly Place[], made: Made | undefined): readonly Value[] {
  if (nat === 'per_zone') return places.map(({ zone }) => zone)
  if (nat !== 'one') return []
  const has = new Set<Value>(livingNats(made).map(({ zone }) => zone))
  return [(places.find(({ zone }) => has.has(zone)) ?? places[0])?.zone ?? null]
}

/** NAT gateways that are there or come, each with its zone: the first of a zone is the one that counts. */
export function livingNats(made: Made | undefined): readonly (Nat & { readonly zone: string })[] {
  return (made?.nats ?? [])
    .filter(({ state }) => state === 'available' || state === 'pending')
    .toSorted((a, b) => a.state.localeCompare(b.state) || a.id.localeCompare(b.id))
    .map((one) => ({ ...one, zone: zoneOf(one, made) ?? '' }))
}

export function zoneOf({ subnet }: Nat, made: Made | undefined): string | undefined {
  return made?.subnets.find(({ id }) => id === subnet)?.zone
}

/** Whether all that the subnets depend on is known. */
export function openOf({ zones, private: inner, nat }: Want): Unknown | undefined {
  return firstUnknown([zones ?? null, inner ?? null, nat ?? null])
}
