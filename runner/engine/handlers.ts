import type { Play, Task } from '../language/program.ts'
import type { Lane } from './lane.ts'
import { runItems, type ModuleOf } from './lane-run.ts'
import { unitId } from './outcome.ts'
import { whyOverdue } from './overdue.ts'

/**
 * Runs the handlers that were notified, in the order in which the play defines them, each once. In a plan a handler that is
 * only told if something not known yet changes is itself unknown.
 */
export async function runHandlers(lane: Lane, play: Play, moduleOf: ModuleOf): Promise<boolean> {
  for (const handler of play.handlers) {
    const told = notified(lane, handler)
    const overdue = told === 'yes' ? undefined : await whyOverdue(lane, handler)
    if (overdue !== undefined) {
      if (!(await catchUp(lane, handler, overdue, moduleOf))) return false
      continue
    }
    if (told === undefined) continue
    if (told === 'maybe' && lane.view.walk.mode === 'plan') {
      reportMaybe(lane, handler)
      continue
    }
    if (!(await runItems(lane, [handler], moduleOf))) return false
  }
  lane.notified.clear()
  lane.overdue.clear()
  return true
}

/** Runs a handler that an earlier run owes; the plan says why. */
async function catchUp(lane: Lane, handler: Task, overdue: string, moduleOf: ModuleOf): Promise<boolean> {
  if (lane.caughtUp.has(handler)) return true
  lane.caughtUp.add(handler)
  const ok = await runItems(lane, [handler], moduleOf)
  const { walk, host } = lane.view
  const node = unitId(handler, host)
  const outcome = walk.outcomes.get(node)
  if (walk.mode === 'plan' && outcome && outcome.change.action !== 'none')
    walk.outcomes.set(node, { ...outcome, overdue, change: { ...outcome.change, why: overdue } })
  return ok
}

function notified(lane: Lane, handler: Task): 'yes' | 'maybe' | undefined {
  const told = [handler.name, ...handler.listen].map((name) => lane.notified.get(name))
  return told.includes('yes') ? 'yes' : told.includes('maybe') ? 'maybe' : undefined
}

function reportMaybe(lane: Lane, handler: Task): void {
  lane.report({
    unit: { id: `${handler.id}@${lane.view.host}`, task: handler, host: lane.view.host, where: lane.view.host },
    change: { action: 'unknown', fields: [], why: 'only if what notifies it changes something' },
    result: 'ok',
    returned: {},
    after: [],
  })
}
