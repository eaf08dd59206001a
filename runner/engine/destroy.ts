import type { Change } from '../plan/change.ts'
import { leftInPlace, makePlan, type Entry } from '../plan/plan.ts'
import { deleteObjects, deleteOne, dependantsOf } from './delete-objects.ts'
import { entryOf, type Outcome } from './outcome.ts'
import { walkPlays } from './play.ts'
import type { Walk } from './walk.ts'
import { addOrphans, inOrder, modulesOf, startWalk, type Finished, type Planned, type Request } from './run.ts'

/** Finds what the playbook's tasks have made and would be taken away. Changes nothing. */
export async function planDestroy(request: Request): Promise<Planned> {
  const walk = startWalk(request, 'plan', { destroying: true })
  const ok = await walkPlays(walk, await modulesOf(request.program))
  const sound = ok && (!walk.options.prune || (await addOrphans(walk)))
  const outcomes = new Map(inOrder(walk).map((outcome) => [outcome.unit.id, { ...outcome, change: deletion(outcome) }]))
  const shown = [...outcomes.values()].filter((outcome) => !outcome.hidden && outcome.result !== 'skipped').toReversed()
  const dependants = dependantsOf(outcomes)
  const entries: Entry[] = shown.map((outcome) => ({
    ...entryOf(outcome),
    after: [...(dependants.get(outcome.unit.id) ?? [])],
  }))
  return {
    plan: makePlan(request.program.file, request.sources, entries),
    ok: sound && protectedStay(walk, outcomes) && !walk.signal.aborted,
    outcomes,
  }
}

function deletion(outcome: Outcome): Change {
  if (outcome.destroy) return { action: 'delete', fields: [], ...(outcome.orphan && outcome.change) }
  const seen = outcome.unit.where !== 'aws' && outcome.result === 'ok' && !outcome.always && !outcome.assumed
  // what is not as the playbook makes it is somebody's, or of another state of the playbook
  const whys: Partial<Record<Change['action'], string>> = {
    none: leftInPlace,
    update: `${leftInPlace}: it is not what the playbook makes`,
  }
  const why = seen ? whys[outcome.change.action] : undefined
  return { action: 'none', fields: [], ...(why !== undefined && { why }) }
}

/** Deletes in reverse: hosts first, last task first; then cloud objects, each when all that used it are gone. */
export async function destroyRun(request: Request, planned: Planned): Promise<Finished> {
  const outcomes = new Map<string, Outcome>()
  const todo = [...planned.outcomes.values()].filter((outcome) => outcome.destroy && !outcome.hidden)
  let ok = true
  for (const outcome of todo.filter((one) => one.unit.where !== 'aws').toReversed())
    ok = (await deleteOne(request, outcome, outcomes)) && ok
  const gone = await deleteObjects(request, planned.outcomes)
  for (const [node, outcome] of gone.outcomes) outcomes.set(node, outcome)
  const deleted = [...outcomes.values()].filter((outcome) => outcome.result === 'changed').length
  return { ok: ok && gone.ok, outcomes, accuracy: { right: deleted, all: todo.length, misses: [] } }
}

/** What is marked `protect` is not destroyed unless its name was said; false where something keeps the rest from going, too. */
function protectedStay(walk: Walk, outcomes: ReadonlyMap<string, Outcome>): boolean {
  const kept = [...outcomes.values()].filter(
    ({ destroy, unit: { task } }) => destroy && task.protect && !walk.options.allowDestroy.includes(task.name),
  )
  for (const { unit } of kept) {
    const hint = `say --allow-destroy ${JSON.stringify(unit.task.name)} if that is meant`
    const message = `“${unit.task.name}” is protected, and would be destroyed`
    walk.emit({ type: 'diagnostic', diagnostic: { severity: 'error', code: 'E715', message, at: unit.task.at, hint } })
  }
  return kept.length === 0
}
