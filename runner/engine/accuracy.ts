import type { Action } from '../plan/change.ts'
import type { Plan } from '../plan/plan.ts'
import type { Outcome } from './outcome.ts'

export interface Accuracy {
  readonly right: number
  readonly all: number
  readonly misses: readonly { readonly node: string; readonly predicted: Action; readonly done: Action }[]
}

/**
 * Holds what was done against what the plan said. Predictions that said `unknown` claim nothing and don't count; neither
 * does what was not reached because something failed.
 */
export function accuracyOf(plan: Plan, outcomes: ReadonlyMap<string, Outcome>): Accuracy {
  const misses: { node: string; predicted: Action; done: Action }[] = []
  let all = 0
  for (const { node, action: predicted } of plan.entries) {
    const outcome = outcomes.get(node)
    if (predicted === 'unknown' || !outcome || (outcome.result !== 'ok' && outcome.result !== 'changed')) continue
    all += 1
    const done: Action = outcome.result === 'changed' ? outcome.change.action : 'none'
    if (done !== predicted) misses.push({ node, predicted, done })
  }
  return { right: all - misses.length, all, misses }
}
