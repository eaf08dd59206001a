import type { Plan } from '../plan/plan.ts'
import { disruptions, type Disruption } from '../plan/change.ts'

/** The entries of a plan that disturb more than is allowed; undefined when there is none or no limit. */
export function worstDisruption(plan: Plan, limit: Disruption | undefined): readonly string[] | undefined {
  if (limit === undefined) return undefined
  const rank = (disruption: Disruption): number => disruptions.indexOf(disruption)
  const worse = plan.entries.filter((entry) => {
    const own: Disruption[] = entry.fields.flatMap((field) => field.disruption ?? [])
    if (entry.action === 'replace' || entry.orphan === 'pruned') own.push('replace')
    return own.some((disruption) => rank(disruption) > rank(limit))
  })
  return worse.length > 0 ? worse.map((entry) => entry.task) : undefined
}

/** Says which changes are why nothing is done. */
export function tooDisruptive(worse: readonly string[], limit: Disruption | undefined): string {
  return `nothing is done: worse than --max-disruption ${limit}: ${worse.join(', ')}`
}
