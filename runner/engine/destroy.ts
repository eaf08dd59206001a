import type { Change } from '../plan/change.ts'
import { makePlan, type Entry } from '../plan/plan.ts'
import { failedOutcome } from './failed.ts'
import { entryOf, type Outcome } from './outcome.ts'
import { walkPlays } from './play.ts'
import { modulesOf, startWalk, type Finished, type Planned, type Request } from './run.ts'

/** Finds what the playbook's tasks have made and would be taken away. Changes nothing. */
export async function planDestroy(request: Request): Promise<Planned> {
  const walk = startWalk(request, 'plan', { destroying: true })
  const ok = await walkPlays(walk, await modulesOf(request.program))
  const outcomes = new Map(
    [...walk.outcomes].map(([node, outcome]) => [node, { ...outcome, change: deletion(outcome) }]),
  )
  const shown = [...outcomes.values()].filter((outcome) => !outcome.hidden && outcome.result !== 'skipped').toReversed()
  const dependants = dependantsOf(outcomes)
  const entries: Entry[] = shown.map((outcome) => ({
    ...entryOf(outcome),
    after: [...(dependants.get(outcome.unit.id) ?? [])],
  }))
  return { plan: makePlan(request.program.file, request.sources, entries), ok: ok && !walk.signal.aborted, outcomes }
}

function deletion(outcome: Outcome): Change {
  if (outcome.destroy) return { action: 'delete', fields: [] }
  const left =
    outcome.unit.where !== 'aws' &&
    outcome.change.action === 'none' &&
    outcome.result === 'ok' &&
    !outcome.always &&
    !outcome.assumed
  return { action: 'none', fields: [], ...(left && { why: 'left in place on the host' }) }
}

/** For each node those that (also indirectly) used its outputs: they go first. */
function dependantsOf(outcomes: ReadonlyMap<string, Outcome>): ReadonlyMap<string, ReadonlySet<string>> {
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

/** Deletes in reverse: hosts first, last task first; then cloud objects, each when all that used it are gone. */
export async function destroyRun(request: Request, planned: Planned): Promise<Finished> {
  const outcomes = new Map<string, Outcome>()
  const todo = [...planned.outcomes.values()].filter((outcome) => outcome.destroy && !outcome.hidden)
  const dependants = dependantsOf(planned.outcomes)
  const results = new Map<string, Promise<boolean>>()
  let ok = true
  for (const outcome of todo.filter((one) => one.unit.where !== 'aws').toReversed())
    ok = (await destroyOne(request, outcome, outcomes)) && ok
  const start = (outcome: Outcome): Promise<boolean> => {
    const { id } = outcome.unit
    const running = results.get(id)
    if (running) return running
    const users = [...(dependants.get(id) ?? [])]
      .flatMap((user) => planned.outcomes.get(user) ?? [])
      .filter((user) => user.unit.where === 'aws')
    const promise = Promise.all(users.map(start)).then((gone) => {
      if (gone.every(Boolean)) return destroyOne(request, outcome, outcomes)
      outcomes.set(id, { ...outcome, result: 'blocked', message: 'something that uses it could not be deleted' })
      return false
    })
    results.set(id, promise)
    return promise
  }
  const gone = await Promise.all(todo.filter((one) => one.unit.where === 'aws').map(start))
  const deleted = [...outcomes.values()].filter((outcome) => outcome.result === 'changed').length
  return { ok: ok && gone.every(Boolean), outcomes, accuracy: { right: deleted, all: todo.length, misses: [] } }
}

async function destroyOne(request: Request, outcome: Outcome, outcomes: Map<string, Outcome>): Promise<boolean> {
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
