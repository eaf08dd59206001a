import { failure } from '../language/diagnostic.ts'
import type { Change } from '../plan/change.ts'
import { beyondPlan, type Entry } from '../plan/plan.ts'
import type { Item, Program, Task } from '../language/program.ts'
import { unitId, type Unit } from './outcome.ts'
import { tasksIn } from '../language/tasks.ts'
import type { Walk } from './walk.ts'

const known = new WeakMap<Program, ReadonlySet<Task>>()

/** Tasks of the program that run only after a failure. */
function rescues({ program }: Walk): ReadonlySet<Task> {
  const already = known.get(program)
  if (already) return already
  const inRescue = (item: Item): readonly Task[] =>
    item.kind === 'task' ? [] : [...tasksIn(item.rescue), ...[...item.block, ...item.always].flatMap(inRescue)]
  const found = new Set(program.plays.flatMap((play) => play.sections.flat().flatMap(inRescue)))
  known.set(program, found)
  return found
}

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
  // a plan can't foresee a failure, so what mends it has no line; the block that it stands in was shown
  if (!planned && rescues(walk).has(unit.task)) return
  const beyond = planned ? beyondPlan(planned, change) : 'the plan has no line for it'
  if (beyond === undefined) return
  throw failure('E717', `“${unit.task.name}” on ${unit.where} needs more than was planned: ${beyond}`, {
    at: unit.task.at,
    hint: `something changed since the plan${change.fields.length > 0 ? ` (${change.fields.map((field) => field.path).join(', ')})` : ''}; nothing was done here, run plan again`,
  })
}
