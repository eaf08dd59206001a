import { compare, type Change } from '../../../plan/change.ts'
import { Unknown } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Group } from './read.ts'
import { normalRule } from './rules.ts'
import type { args } from './schema.ts'

type Want = Wanted<ArgsOf<typeof args>, 'name' | 'vpc'>

const rulesOf = (rules: unknown): unknown => (Array.isArray(rules) ? rules.map(normalRule) : rules)

/** Rules are compared as sets in normal form; tags that were not asked for are left alone. */
export function diff(want: Want, have: Group | undefined): Change {
  const { description, ingress, egress, tags } = want
  const wanted = {
    description: description ?? (have ? undefined : 'Managed by runner'),
    ingress: rulesOf(ingress ?? []),
    egress: rulesOf(egress),
    tags,
  }
  const there = have && {
    description: have.description,
    ingress: have.ingress,
    egress: have.egress,
    tags: ownTags(tags, have.tags),
  }
  return compare(wanted, there, { sets: ['ingress', 'egress'], replace: ['description'] })
}

function ownTags(wanted: unknown, tags: Readonly<Record<string, string>>): unknown {
  if (typeof wanted !== 'object' || wanted === null || wanted instanceof Unknown) return undefined
  return Object.fromEntries(
    Object.keys(wanted).flatMap((name) => (tags[name] === undefined ? [] : [[name, tags[name]]])),
  )
}
