import { failedOutcome } from './failed.ts'
import type { Outcome } from './outcome.ts'
import type { Request } from './run.ts'

/** For each node those that (also indirectly) used its outputs: they go first. */
export function dependantsOf(outcomes: ReadonlyMap<string, Outcome>): ReadonlyMap<string, ReadonlySet<string>> {
  const dependants = new Map<string, Set<string>>()
  const visit = (node: string, user: string, seen: Set<string>): void => {
    if (seen.has(node)) return
    seen.add(node)
    const users = dependants.get(node) ?? new Set<string>()
    dependants.set(node, users)
    if (outcomes.get(user)?.destroy) users.add(user)
    for (const above of outcomes.get(node)?.after ?? []) visit(above, user, seen)
  }
  for (const [user, outcome] of outcomes) {
    const seen = new Set([user])
    for (const above of outcome.after) visit(above, user, seen)
  }
  return dependants
}

/** Deletes objects of the cloud, each when all that used it are gone. */
export async function deleteObjects(
  request: Pick<Request, 'emit' | 'world' | 'signal'>,
  planned: ReadonlyMap<string, Outcome>,
): Promise<{ readonly ok: boolean; readonly outcomes: ReadonlyMap<string, Outcome> }> {
  const outcomes = new Map<string, Outcome>()
  const todo = [...planned.values()].filter((outcome) => outcome.destroy && !outcome.hidden)
  const dependants = dependantsOf(planned)
  const results = new Map<string, Promise<boolean>>()
  const start = (outcome: Outcome): Promise<boolean> => {
    const { id } = outcome.unit
    const running = results.get(id)
    if (running) return running
    const users = [...(dependants.get(id) ?? [])]
      .flatMap((user) => planned.get(user) ?? [])
      .filter((user) => user.unit.where === 'aws')
    const promise = Promise.all(users.map(start)).then((gone) => {
      if (gone.every(Boolean)) return deleteOne(request, outcome, outcomes)
      outcomes.set(id, { ...outcome, result: 'blocked', message: 'something that uses it could not be deleted' })
      return false
    })
    results.set(id, promise)
    return promise
  }
  const gone = await Promise.all(todo.filter((one) => one.unit.where === 'aws').map(start))
  return { ok: gone.every(Boolean), outcomes }
}

/** Deletes one thing and says how it ended; true when it is gone. */
export async function deleteOne(
  request: Pick<Request, 'emit' | 'world' | 'signal'>,
  outcome: Outcome,
  outcomes: Map<string, Outcome>,
): Promise<boolean> {
  const { unit } = outcome
  const { emit, world } = request
  if (request.signal.aborted) {
    outcomes.set(unit.id, { ...outcome, result: 'cancelled' })
    return false
  }
  const started = world.clock()
  const node = {
    node: unit.id,
    task: unit.task.name,
    where: unit.where,
    phase: 'destroy' as const,
    action: 'delete' as const,
  }
  emit({ type: 'node.start', ...node, module: unit.task.module })
  const finish = (done: Outcome): boolean => {
    outcomes.set(unit.id, done)
    emit({
      type: 'node.done',
      ...node,
      result: done.result,
      seconds: (world.clock() - started) / 1000,
      ...(done.message !== undefined && { message: done.message }),
    })
    return done.result === 'changed'
  }
  try {
    await outcome.destroy?.run((text) => emit({ type: 'node.status', node: unit.id, text }))
    return finish({ ...outcome, result: 'changed' })
  } catch (error) {
    const failed = failedOutcome(
      { walk: { emit, world, signal: request.signal }, host: unit.host },
      unit.task,
      error,
      unit,
    )
    return finish({ ...failed, change: outcome.change })
  }
}
