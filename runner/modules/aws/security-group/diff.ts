import { Failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, Unknown } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Group } from './read.ts'
import { distinct, isSameRule, normalRule, type Rule } from './rules.ts'
import type { args } from './schema.ts'

type Want = Wanted<ArgsOf<typeof args>, 'name' | 'vpc'>

/** Rules are compared as sets in normal form; tags that were not asked for are left alone. */
export function diff(want: Want, have: Group | undefined): Change {
  const { description, ingress, egress, tags } = want
  // a rule may name its own group by `self` or by its id
  const own = (rules: readonly Rule[]): readonly Rule[] =>
    rules.map((rule) => (have !== undefined && rule.source === have.id ? { ...rule, source: 'self' } : rule))
  const rulesOf = (name: 'ingress' | 'egress', rules: unknown): unknown => {
    if (!Array.isArray(rules)) return rules
    const normal = own(rules.map((rule) => normalRule(rule) as unknown as Rule))
    refuseTwice(name, normal)
    return distinct(normal)
  }
  const wanted = {
    description: description ?? (have ? undefined : 'Managed by runner'),
    ingress: rulesOf('ingress', ingress ?? []),
    egress: rulesOf('egress', egress),
    tags,
  }
  const there = have && {
    description: have.description,
    ingress: own(have.ingress),
    egress: own(have.egress),
    tags: ownTags(tags, have.tags),
  }
  return compare(wanted, there, { sets: ['ingress', 'egress'], replace: ['description'] })
}

/** A rule has one description: which of two is meant can’t be known. Rules that are wholly the same are one. */
function refuseTwice(name: string, rules: readonly Rule[]): void {
  for (const [second, rule] of rules.entries()) {
    if (firstUnknown(rule) !== undefined) continue
    const first = rules.findIndex((one) => firstUnknown(one) === undefined && isSameRule(one, rule))
    const other = rules[first]
    if (first === second || other === undefined || other.description === rule.description) continue
    const text = `${rule.protocol} ${rule.port} of ${String(rule.source)}`
    const hint = 'leave one of them out, or give both the same description'
    throw new Failure([
      {
        severity: 'error',
        code: 'E779',
        message: `${name}: rules ${first + 1} and ${second + 1} are one to AWS (${text}), with two descriptions`,
        of: [name, second],
        hint,
      },
      { severity: 'error', code: 'E779', message: `the first of the two`, of: [name, first] },
    ])
  }
}

function ownTags(wanted: unknown, tags: Readonly<Record<string, string>>): unknown {
  if (typeof wanted !== 'object' || wanted === null || wanted instanceof Unknown) return undefined
  return Object.fromEntries(
    Object.keys(wanted).flatMap((name) => (tags[name] === undefined ? [] : [[name, tags[name]]])),
  )
}
