import { evaluate, render } from '../language/expression/evaluate.ts'
import type { Expression } from '../language/expression/expression.ts'
import type { Scope } from '../language/expression/scope.ts'
import type { Source, Task } from '../language/program.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import { firstUnknown, type Value, type Values } from '../plan/unknown.ts'
import type { Slot } from './registers.ts'
import { scopeOf, type LaneView } from './scope.ts'

/** A task cannot be evaluated because something it refers to failed. */
export class Blocked extends Error {
  override readonly name = 'Blocked'
  readonly by: string

  constructor(by: string) {
    super(`needs ${by}, which failed`)
    this.by = by
  }
}

export interface Evaluated<T> {
  readonly value: T
  /** Nodes whose results were used. */
  readonly after: readonly string[]
}

/**
 * Computes something from variables; where it refers to results that are not there yet, waits for these and computes anew.
 * So the graph needs no declaration: what an expression touches is what it waits for. In an apply it also waits for
 * objects to be ready when a value depends on that.
 */
export async function settle<T>(
  view: LaneView,
  task: Task,
  vars: Values,
  compute: (scope: Scope) => T,
): Promise<Evaluated<T>> {
  for (;;) {
    view.walk.signal.throwIfAborted()
    const touched = new Set<Slot>()
    const attempt = tryCompute(() => compute(scopeOf(view, task, vars, touched)))
    const unfinished = [...touched].filter((slot) => !slot.finished)
    if (unfinished.length > 0) {
      for (const slot of unfinished) slot.start?.()
      await Promise.all(unfinished.map((slot) => slot.done))
      continue
    }
    const broken = [...touched].find((slot) => slot.broken)
    if (broken) throw new Blocked(nameOf(view, broken.node))
    if ('error' in attempt) throw attempt.error
    const late =
      view.walk.mode === 'apply' && firstUnknown(attempt.value) ? [...touched].filter((slot) => slot.ready) : []
    if (late.length > 0) {
      await Promise.all(late.map((slot) => slot.ready))
      continue
    }
    return { value: attempt.value, after: [...new Set([...touched].map((slot) => slot.node))] }
  }
}

/** The task that a node belongs to, as people call it. */
function nameOf(view: LaneView, node: string): string {
  const task = tasksOfProgram(view.walk.program).find(
    ({ id }) => node.startsWith(`${id}@`) || node.startsWith(`${id}[`),
  )
  return task ? `“${task.name}”` : node
}

function tryCompute<T>(compute: () => T): { value: T } | { error: unknown } {
  try {
    return { value: compute() }
  } catch (error) {
    return { error }
  }
}

/** The results that evaluating a task now would wait for; none when what it refers to is all there. */
export function waitsFor(
  view: LaneView,
  task: Task,
  vars: Values,
  compute: (scope: Scope) => unknown,
): readonly Slot[] {
  const touched = new Set<Slot>()
  const attempt = tryCompute(() => compute(scopeOf(view, task, vars, touched)))
  const unfinished = [...touched].filter((slot) => !slot.finished)
  if (unfinished.length > 0) return unfinished
  if ('error' in attempt || view.walk.mode !== 'apply' || !firstUnknown(attempt.value)) return []
  return [...touched].filter((slot) => slot.ready)
}

export function renderAll(sources: Readonly<Record<string, Source>>, scope: Scope): Values {
  return Object.fromEntries(Object.entries(sources).map(([key, source]) => [key, render(source, scope)]))
}

/** The conditions of a task, joined by `and`: the first that is false or unknown decides. */
export function holds(conditions: readonly Expression[], scope: Scope): Value {
  let result: Value = true
  for (const condition of conditions) {
    const value = evaluate(condition, scope)
    if (value === false) return false
    if (value !== true) result = value
  }
  return result
}
