import type { Play, Task } from '../language/program.ts'
import type { Lane } from './lane.ts'
import { runItems, type ModuleOf } from './lane-run.ts'

/**
 * Runs the handlers that were notified, in the order in which the play defines them, each once. In a plan a handler that is
 * only told if something not known yet changes is itself unknown.
 */
export async function runHandlers(lane: Lane, play: Play, moduleOf: ModuleOf): Promise<boolean> {
  for (const handler of play.handlers) {
    const told = notified(lane, handler)
    if (told === undefined) continue
    if (told === 'maybe' && lane.view.walk.mode === 'plan') {
      reportMaybe(lane, handler)
      continue
    }
    if (!(await runItems(lane, [handler], moduleOf))) return false
  }
  lane.notified.clear()
  return true
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
