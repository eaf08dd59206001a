import type { Planned } from '../engine/run.ts'
import { costOf, type Cost } from '../plan/cost.ts'

/** The plan with what it costs a month. The price table is only read when something in the plan is billed. */
export async function withCost(planned: Planned): Promise<Planned> {
  const changed = new Set(
    planned.plan.entries.flatMap(({ node, action, orphan }) => (action === 'none' || orphan === 'kept' ? [] : [node])),
  )
  // as the plan has them: what was read first is first in the outcomes
  const order = new Map(planned.plan.entries.map(({ node }, index) => [node, index]))
  const billed = [...planned.outcomes.values()]
    .flatMap(({ unit, after, bill }) => (bill ? [{ node: unit.id, changes: changed.has(unit.id), after, bill }] : []))
    .toSorted((a, b) => (order.get(a.node) ?? -1) - (order.get(b.node) ?? -1))
  if (!billed.some(({ changes }) => changes)) return planned
  const { priceTable, pricesOf } = await import('../cost/price-table.ts')
  const cost: Cost | undefined = costOf(billed, pricesOf(priceTable()))
  return cost === undefined ? planned : { ...planned, plan: { ...planned.plan, cost } }
}
