import type { Walk } from './walk.ts'

/** Whether a task of this module still has something to do: the plan foresaw that it does, and what came of it is not known yet. */
export function isComing({ outcomes, foreseen }: Walk, module: string): boolean {
  const decided = new Set([...outcomes.values()].map(({ unit }) => unit.task))
  return [...(foreseen?.values() ?? [])].some(
    ({ unit: { task }, change, hidden, orphan }) =>
      task.module === module && change.action !== 'none' && !hidden && !orphan && !decided.has(task),
  )
}
