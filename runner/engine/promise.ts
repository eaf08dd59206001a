import { failure } from '../language/diagnostic.ts'
import type { Change } from '../plan/change.ts'
import { beyondPlan, type Entry } from '../plan/plan.ts'
import { unitId, type Unit } from './outcome.ts'
import type { Walk } from './walk.ts'

/** The plan's line for a unit; for an item of a list that the plan could not see, the line of the whole task. */
export function plannedFor(walk: Walk, unit: Unit): Entry | undefined {
  return (
    walk.planned?.get(unit.id) ??
    walk.planned?.get(unitId(unit.task, unit.host)) ??
    walk.planned?.get(unitId(unit.task, '*'))
  )
}

/** Stops a unit whose change goes beyond what the plan promised: apply may do less than the plan, never more. */
export function checkPromise(walk: Walk, unit: Unit, change: Change): void {
  if (change.action === 'none' || !walk.planned) return
  const planned = plannedFor(walk, unit)
  const beyond = planned ? beyondPlan(planned, change) : 'the plan has no line for it'
  if (beyond === undefined) return
  throw failure('E717', `“${unit.task.name}” on ${unit.where} needs more than was planned: ${beyond}`, {
    at: unit.task.at,
    hint: `something changed since the plan${change.fields.length > 0 ? ` (${change.fields.map((field) => field.path).join(', ')})` : ''}; nothing was done here, run plan again`,
  })
}
