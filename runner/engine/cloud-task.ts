import type { Task } from '../language/program.ts'
import type { CloudModule } from '../modules/module.ts'
import type { Values } from '../plan/unknown.ts'
import { cloudUnit, type CloudOutcome } from './cloud-unit.ts'
import { failedOutcome } from './failed.ts'
import { usualSeconds } from './graph.ts'
import { registered, wentWell, type Lane } from './lane.ts'
import type { Outcome } from './outcome.ts'
import { prepare, type Prepared } from './prepare.ts'

/** Runs a cloud task: its units side by side; resolves when AWS has accepted them, and leaves the waiting to ready nodes. */
export async function runCloudTask(
  lane: Lane,
  task: Task,
  module: CloudModule,
  gates: readonly Promise<boolean>[],
): Promise<boolean> {
  const { view } = lane
  const readOnly = !view.walk.options.selects(task)
  const outcomes: Outcome[] = []
  const waits: { index: number; ready: () => Promise<Values> }[] = []
  try {
    const open = await Promise.all([...gates, ...task.needs.map((name) => lane.through.get(name)?.done ?? true)])
    if (open.includes(false)) throw new Error('blocked')
    const prepared = await prepare(view, task, module)
    const done = await Promise.all(prepared.map((one) => runUnit(lane, one, module, readOnly)))
    for (const { outcome, ready } of done) {
      if (ready) waits.push({ index: outcomes.length, ready })
      outcomes.push(outcome)
    }
  } catch (error) {
    outcomes.push(failedOutcome(view, task, error))
    lane.report(outcomes.at(-1) as Outcome)
  }
  const ok = wentWell(outcomes)
  const slot = lane.slots.get(task)
  slot?.finish(registered(task, outcomes), !ok)
  if (waits.length > 0) awaitReady(lane, task, module, outcomes, waits)
  lane.through.get(task.name)?.resolve(ok)
  return ok
}

async function runUnit(lane: Lane, prepared: Prepared, module: CloudModule, readOnly: boolean): Promise<CloudOutcome> {
  const { unit, after } = prepared
  const { view } = lane
  const base = { unit, after, ...(readOnly && { hidden: true }) }
  const finish = (done: CloudOutcome): CloudOutcome => {
    lane.report(done.outcome)
    return done
  }
  if (prepared.kind === 'skipped')
    return finish({ outcome: { ...base, change: { action: 'none', fields: [] }, result: 'skipped', returned: {} } })
  if (prepared.kind === 'unknown')
    return finish({
      outcome: { ...base, change: { action: 'unknown', fields: [], why: prepared.why }, result: 'ok', returned: {} },
    })
  if (view.walk.mode === 'apply' && !readOnly) view.started(unit, view.walk.planned?.get(unit.id)?.action ?? 'unknown')
  try {
    return finish(await cloudUnit(view, prepared, module, readOnly))
  } catch (error) {
    return finish({ outcome: failedOutcome(view, unit.task, error, unit, after) })
  }
}

/** Waits in the background until the objects can be used; who refers to such an output waits with it. */
function awaitReady(
  lane: Lane,
  task: Task,
  module: CloudModule,
  outcomes: readonly Outcome[],
  waits: readonly { index: number; ready: () => Promise<Values> }[],
): void {
  const { walk } = lane.view
  const slot = lane.slots.get(task)
  const now = [...outcomes]
  const waiting = Promise.all(waits.map(({ index, ready }) => awaitOne(lane, module, now, index, ready))).then(
    (results) => {
      if (!slot) return
      slot.value = registered(task, now)
      slot.broken = results.includes(false)
      slot.ready = undefined
    },
  )
  if (slot) slot.ready = waiting
  walk.readying.add(waiting)
  for (const { index } of waits) {
    const host = hostNameOf(now[index] as Outcome)
    if (host !== undefined) walk.hostsReady.set(host, waiting)
  }
}

function hostNameOf(outcome: Outcome): string | undefined {
  const name = outcome.returned['name']
  return outcome.unit.task.module === 'aws.instance' && typeof name === 'string' ? name : undefined
}

async function awaitOne(
  lane: Lane,
  module: CloudModule,
  outcomes: Outcome[],
  index: number,
  ready: () => Promise<Values>,
): Promise<boolean> {
  const { walk } = lane.view
  const outcome = outcomes[index] as Outcome
  const { unit } = outcome
  const started = walk.world.clock()
  const node = {
    node: unit.id,
    task: unit.task.name,
    where: unit.where,
    phase: 'ready' as const,
    action: outcome.change.action,
  }
  const usual = usualSeconds(module, outcome.change)
  walk.emit({ type: 'node.start', ...node, module: unit.task.module, ...(usual !== undefined && { usual }) })
  const seconds = (): number => (walk.world.clock() - started) / 1000
  try {
    outcomes[index] = { ...outcome, returned: await ready() }
    walk.outcomes.set(unit.id, outcomes[index])
    walk.emit({ type: 'node.done', ...node, result: 'ok', seconds: seconds() })
    return true
  } catch (error) {
    const failed = { ...failedOutcome(lane.view, unit.task, error, unit, outcome.after), change: outcome.change }
    outcomes[index] = failed
    walk.outcomes.set(unit.id, failed)
    walk.emit({
      type: 'node.done',
      ...node,
      result: failed.result,
      seconds: seconds(),
      ...(failed.message !== undefined && { message: failed.message }),
    })
    return false
  }
}
