import type { Program, Task } from '../language/program.ts'
import { tasksOfPlay } from '../language/tasks.ts'
import type { Run } from './journal.ts'

/** Task of a node's name: `play/task[item]@host`. */
const shape = /^(.*?)(?:\[.*\])?@([^@]*)$/s

/**
 * Handlers that runs before this one owe, by their nodes: something that notifies them changed, and they have not run since. Runs come
 * newest first. Only a hint, for what the host itself cannot tell: the journal of another machine is not seen.
 */
export function leftUndone(program: Program, runs: readonly Run[]): ReadonlyMap<string, string> {
  const owed = new Map<string, string>()
  const settled = new Set<string>()
  const told = handlersByTask(program)
  const handlers = new Set(program.plays.flatMap((play) => play.handlers.map((handler) => handler.id)))
  for (const { run, events } of runs) {
    const changed = new Map<string, string>()
    const done = new Set<string>()
    for (const event of events) {
      if (event.type !== 'node.done' || event.phase !== 'act') continue
      const [, task = '', host = ''] = shape.exec(event.node) ?? []
      const went = event.result === 'changed' || event.result === 'ok'
      if (handlers.has(task) && went) done.add(event.node)
      if (event.result === 'changed')
        for (const handler of told.get(task) ?? []) changed.set(`${handler}@${host}`, event.task)
    }
    for (const node of done) settled.add(node)
    for (const [node, by] of changed) {
      if (settled.has(node) || owed.has(node)) continue
      owed.set(node, `“${by}” changed in run ${run}, which ended before it`)
    }
  }
  return owed
}

/** Ids of the handlers that a task notifies. */
function handlersByTask(program: Program): ReadonlyMap<string, readonly string[]> {
  return new Map(
    program.plays.flatMap((play) => {
      const named = (task: Task): readonly string[] =>
        play.handlers
          .filter((handler) => task.notify.some((name) => name === handler.name || handler.listen.includes(name)))
          .map((handler) => handler.id)
      return tasksOfPlay(play).map((task) => [task.id, named(task)] as const)
    }),
  )
}
