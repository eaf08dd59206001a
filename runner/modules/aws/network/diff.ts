import { failure } from '../../../language/diagnostic.ts'
import { compare, nothing, type Change } from '../../../plan/change.ts'
import { isMap, Unknown, type Value, type Values } from '../../../plan/unknown.ts'
import { blocksOf, normalCidr, rangeOf } from './blocks.ts'
import { livingNats, natZones, openOf, placesOf, type Made, type Network, type Place, type Want } from './design.ts'

/** A network that is looked up never differs. */
export function diff(want: Want, have: Network | undefined): Change {
  if (want.cidr === undefined) return nothing
  const { name, nat = 'none' } = want
  const wish: Want = { ...want, cidr: normalCidr(want.cidr) }
  refuse(wish, have)
  const made = have?.made?.vpc === undefined ? undefined : have.made
  const unknown = openOf(want)
  const places = unknown ?? placesOf(wish, made)
  const wanted = {
    name,
    cidr: wish.cidr,
    subnets: places instanceof Unknown ? places : wantedRows(wish, places),
    nat,
    internet_gateway: true,
    dns_hostnames: want.dns_hostnames ?? true,
    s3_endpoint: want.s3_endpoint ?? false,
    tags: want.tags,
  }
  if (!made) return compare({ ...wanted, internet_gateway: undefined }, undefined)
  const there = {
    name,
    cidr: wish.cidr,
    subnets: presentRows(wish, places instanceof Unknown ? [] : places, made),
    nat: natWord(nat, places instanceof Unknown ? [] : places, made),
    internet_gateway: made.gateway !== undefined,
    dns_hostnames: made.dnsHostnames && made.dnsSupport,
    s3_endpoint: endpointWord(made),
    tags: isMap(want.tags) ? asked(want.tags, made.common) : undefined,
  }
  const rows = wanted.subnets
  const goes = !(rows instanceof Unknown) && there.subnets.some(({ cidr }) => !rows.some((row) => row['cidr'] === cidr))
  const zones = places instanceof Unknown ? [] : natZones(nat, places, made)
  const breaks = livingNats(made).some(({ zone }) => !zones.includes(zone))
  return compare(wanted, there, {
    sets: ['subnets'],
    // what is in a subnet that goes has to move before; with a NAT gateway go the connections through it
    disruption: { ...(goes && { subnets: 'restart' }), ...(breaks && { nat: 'restart' }) },
  })
}

/** What AWS refuses only when other things have been made already, and what cannot be changed. */
function refuse(want: Want, have: Network | undefined): void {
  const say = (message: string, hint: string) => failure('E744', message, { hint })
  if (want.name === undefined) throw say('a network that is made needs a name', 'write name beside cidr')
  if (want.vpc !== undefined)
    throw say('vpc names a network that is looked up, cidr one that is made', 'leave one of them out')
  if (Array.isArray(want.zones) && new Set(want.zones as readonly unknown[]).size < want.zones.length)
    throw say('a zone is named twice', 'name each zone once')
  if (want.private === false && (want.nat === 'one' || want.nat === 'per_zone'))
    throw say('NAT gateways are for private subnets, and there are to be none', 'leave nat out, or private: false')
  if (have?.made?.vpc === undefined || have.cidr === want.cidr) return
  const { vpc, subnets, nats } = have.made
  throw failure(
    'E744',
    `the VPC ${vpc} has ${have.cidr}, and AWS cannot change that: ${String(want.cidr)} would replace it, its ${subnets.length} subnets, ${nats.length} NAT gateways and everything in them`,
    { hint: 'make a network of another name beside it and move there, or destroy this one first' },
  )
}

/** Where traffic to the Internet goes, in words that hold for a subnet whose zone is not known yet. */
function wantedRows(want: Want, places: readonly Place[]): readonly Values[] {
  const { nat = 'none' } = want
  const words: Readonly<Record<string, Value>> = { none: 'nowhere', one: 'NAT', per_zone: 'NAT of its zone' }
  const inner = typeof nat === 'string' ? (words[nat] ?? nat) : nat
  return [
    ...places.map((one) => ({ zone: one.zone, cidr: one.public, public: true, leads: 'Internet' })),
    ...(want.private === false
      ? []
      : places.map((one) => ({ zone: one.zone, cidr: one.private, public: false, leads: inner }))),
  ].map((row) => row as Values)
}

function presentRows(want: Want, places: readonly Place[], made: Made): readonly Values[] {
  const nats = livingNats(made)
  const zones = natZones(want.nat, places, made)
  const inOrder = made.subnets.toSorted((a, b) => rangeOf(a.cidr).from - rangeOf(b.cidr).from)
  return inOrder.map((subnet) => {
    const { zone, cidr, publicIps, leads } = subnet
    const nat = nats.find(({ id }) => id === leads)
    const right = want.nat === 'per_zone' ? nat?.zone === zone : nat !== undefined && zones.includes(nat.zone)
    const word =
      subnet.table === undefined
        ? 'as the main table says'
        : leads === undefined
          ? 'nowhere'
          : leads === made.gateway
            ? 'Internet'
            : nat === undefined
              ? leads
              : right
                ? want.nat === 'per_zone'
                  ? 'NAT of its zone'
                  : 'NAT'
                : `NAT in ${nat.zone}`
    return { zone, cidr, public: publicIps, leads: word }
  })
}

/** What is there in the words of the argument, or in which zones. */
function natWord(nat: Value, places: readonly Place[], made: Made): string {
  const living = livingNats(made)
  const zones = living.map(({ zone }) => zone).toSorted()
  const wanted = natZones(nat as Want['nat'], places, made)
  const same = zones.length === wanted.length && zones.every((zone) => wanted.includes(zone))
  if (typeof nat === 'string' && same && (nat !== 'none' || zones.length === 0)) return nat
  if (zones.length === 0) return 'none'
  if (zones.length === 1) return 'one'
  const all = new Set(made.subnets.map(({ zone }) => zone))
  return new Set(zones).size === zones.length && zones.length === all.size ? 'per_zone' : `in ${zones.join(', ')}`
}

/** It counts for the tables of this network; one that misses some is not whole. */
function endpointWord({ endpoint, tables }: Made): boolean | string {
  if (endpoint === undefined) return false
  return tables.every(({ id }) => endpoint.tables.includes(id)) || 'not for all subnets'
}

function asked(wanted: Values, tags: Readonly<Record<string, string>>): Values {
  return Object.fromEntries(
    Object.keys(wanted).flatMap((name) => (tags[name] === undefined ? [] : [[name, tags[name] as Value]])),
  )
}

/** Outputs after an update: subnets that stay are known by their ids, only those that are to come are not. */
export function foreseen({ fields }: Change, { cidr, made }: Network): Values {
  const rows = fields.find(({ path }) => path === 'subnets')
  const nats = fields.some(({ path }) => path === 'nat') ? { nat_addresses: new Unknown('NAT gateways change') } : {}
  if (!rows) return nats
  const open = new Unknown('subnets change')
  if (!Array.isArray(rows.after)) return { ...nats, zones: open, public_subnets: open, private_subnets: open }
  const after = rows.after as readonly { readonly zone: string; readonly cidr: string }[]
  const blocks = blocksOf(cidr)
  const ids = (side: 'public' | 'private'): readonly Value[] =>
    after
      .filter((row) => blocks.some((block) => block[side] === row.cidr))
      .map((row) => made?.subnets.find((one) => one.cidr === row.cidr)?.id ?? new Unknown(`${row.cidr} is made`))
  const [publicOnes, privateOnes] = [ids('public'), ids('private')]
  return {
    ...nats,
    zones: rows.known ? after.slice(0, publicOnes.length).map(({ zone }) => zone) : open,
    public_subnets: publicOnes,
    private_subnets: privateOnes.length > 0 ? privateOnes : publicOnes,
  }
}
