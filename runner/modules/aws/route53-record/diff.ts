import { compare, type Change } from '../../../plan/change.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import { aliasName, recordValue } from './names.ts'
import type { args } from './schema.ts'

/** Records carry no tags: what stands in the plan as changed is all that protects one that somebody else made. */
export interface DnsRecord extends Found {
  readonly name: string
  readonly zoneId: string
  readonly alias: { readonly dns_name: string; readonly zone_id: string; readonly evaluate_health: boolean } | undefined
  readonly values: readonly string[]
  readonly ttl: number | undefined
}

type Want = Wanted<ArgsOf<typeof args>, 'zone' | 'name' | 'type'>

export function diff(want: Want, have: DnsRecord | undefined): Change {
  const { type = 'A', alias, values, ttl } = want
  const wanted = {
    alias: normalAlias(alias),
    values: Array.isArray(values)
      ? (values as unknown[]).map((value) => (typeof value === 'string' ? recordValue(type, value) : value))
      : values,
    ttl: alias === undefined ? (ttl ?? 300) : undefined,
  }
  const there = have && {
    alias: normalAlias(have.alias),
    values: have.alias ? undefined : have.values.map((value) => recordValue(type, value)),
    ttl: have.ttl,
  }
  return compare(wanted, there, { sets: ['values'] })
}

function normalAlias(alias: unknown): unknown {
  if (!isMap(alias)) return alias
  const { dns_name: name, zone_id, evaluate_health = false } = alias
  return { dns_name: typeof name === 'string' ? aliasName(name) : name, zone_id, evaluate_health }
}
