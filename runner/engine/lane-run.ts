import type { Block, Item, Task } from '../language/program.ts'
import type { HostModule, Module } from '../modules/module.ts'
import { runCloudTask } from './cloud-task.ts'
import { runDecision } from './decision.ts'
import { failedOutcome } from './failed.ts'
import { applyHostUnits } from './host-apply.ts'
import type { HostUnit } from './host-look.ts'
import { planHostUnits } from './host-plan.ts'
import { registered, wentWell, type Lane } from './lane.ts'
import { tasksIn } from '../language/tasks.ts'
import type { Outcome } from './outcome.ts'
import { askOverdue } from './overdue.ts'
import { preparable, prepare, type Prepared } from './prepare.ts'

export type ModuleOf = (task: Task) => Module

/**
 * Runs items of one lane. Tasks of hosts go one after the other, as written, many in a batch; cloud tasks start at once and
 * wait only for what they refer to, for what they `need`, and for checks (`assert`, `fail`) written above them.
 */
export async function runItems(lane: Lane, items: readonly Item[], moduleOf: ModuleOf): Promise<boolean> {
  const flat = flatten(items).filter((item) => item.kind === 'block' || !item.runOnce || lane.first)
  for (const item of flat) announce(lane, item, moduleOf)
  const sequence: Item[] = []
  const gates: Promise<boolean>[] = []
  const cloud: Promise<boolean>[] = []
  for (const item of flat) {
    const module = item.kind === 'task' ? moduleOf(item) : undefined
    if (item.kind === 'task' && module?.on === 'aws') cloud.push(runCloudTask(lane, item, module, [...gates]))
    else {
      sequence.push(item)
      if (item.kind === 'task' && module?.on === 'runner')
        gates.push(lane.through.get(item.name)?.done ?? Promise.resolve(true))
    }
  }
  const ok = await runSequence(lane, sequence, moduleOf)
  const accepted = await Promise.all(cloud)
  return ok && accepted.every(Boolean)
}

/** Blocks that only group are opened; one with `rescue` or `always` stays a unit of its own. */
function flatten(items: readonly Item[]): readonly Item[] {
  return items.flatMap((item) =>
    item.kind === 'block' && item.rescue.length === 0 && item.always.length === 0 ? flatten(item.block) : [item],
  )
}

function announce(lane: Lane, item: Item, moduleOf: ModuleOf): void {
  if (item.kind === 'block') return
  let resolve: (ok: boolean) => void = () => undefined
  const done = new Promise<boolean>((settle) => (resolve = settle))
  lane.through.set(item.name, { done, resolve })
  if (item.register === undefined) return
  const { view } = lane
  // what is done once is seen by all
  const host = item.runOnce || (moduleOf(item).on === 'aws' && view.host === 'localhost') ? 'localhost' : view.host
  lane.slots.set(item, view.walk.registers.declare(host, item.register, view.ordinal(item), `${item.id}@${view.host}`))
}

async function runSequence(lane: Lane, items: readonly Item[], moduleOf: ModuleOf): Promise<boolean> {
  let next = 0
  let ok = true
  while (next < items.length && ok) {
    const item = items[next] as Item
    if (item.kind === 'block') {
      ok = await runBlock(lane, item, moduleOf)
      next += 1
    } else {
      const module = moduleOf(item)
      if (module.on === 'runner') {
        ok = finishTask(lane, item, await runDecision(lane, item, module))
        next += 1
      } else {
        const taken = await takeBatch(lane, items.slice(next), moduleOf)
        ok = await runBatch(lane, taken, moduleOf)
        next += taken.length
      }
    }
  }
  for (const item of items.slice(next)) giveUp(lane, item)
  return ok
}

/** What follows a failure is not run; whoever waits for it is told. */
function giveUp(lane: Lane, item: Item): void {
  if (item.kind === 'block') {
    for (const list of [item.block, item.rescue, item.always]) for (const inner of list) giveUp(lane, inner)
    return
  }
  lane.slots.get(item)?.finish(null, true)
  lane.through.get(item.name)?.resolve(false)
}

interface Taken {
  readonly task: Task
  readonly module: HostModule
  readonly prepared: readonly Prepared[]
  readonly error?: unknown
}

/** The longest run of host tasks whose arguments don't wait for a result of one another. */
async function takeBatch(lane: Lane, items: readonly Item[], moduleOf: ModuleOf): Promise<readonly Taken[]> {
  const { view } = lane
  const taken: Taken[] = []
  for (const item of items) {
    if (item.kind === 'block') break
    const module = moduleOf(item)
    if (module.on !== 'host') break
    if (taken.length > 0 && !(await preparable(view, item, module))) break
    if (!view.walk.options.selects(item)) {
      taken.push({ task: item, module, prepared: [] })
      continue
    }
    try {
      taken.push({ task: item, module, prepared: await prepare(view, item, module) })
    } catch (error) {
      taken.push({ task: item, module, prepared: [], error })
      break
    }
  }
  return taken
}

async function runBatch(lane: Lane, taken: readonly Taken[], moduleOf: ModuleOf): Promise<boolean> {
  const { view } = lane
  const units: HostUnit[] = []
  const outcomes = new Map<Task, Outcome[]>()
  const report = (outcome: Outcome): void => {
    outcomes.set(outcome.unit.task, [...(outcomes.get(outcome.unit.task) ?? []), outcome])
    lane.report(outcome)
    finishWhenComplete(lane, taken, outcomes, outcome.unit.task)
  }
  const early: Outcome[] = []
  for (const { prepared, module } of taken) {
    for (const one of prepared) {
      if (one.kind === 'do') units.push({ prepared: one, module })
      else
        early.push({
          unit: one.unit,
          after: one.after,
          returned: {},
          result: one.kind === 'skipped' ? 'skipped' : 'ok',
          change:
            one.kind === 'skipped' ? { action: 'none', fields: [] } : { action: 'unknown', fields: [], why: one.why },
        })
    }
  }
  for (const outcome of early) report(outcome)
  try {
    view.walk.signal.throwIfAborted()
    askOverdue(lane, units, moduleOf)
    if (view.walk.mode === 'plan') for (const outcome of await planHostUnits(view, units)) report(outcome)
    else await applyHostUnits(view, units, report)
  } catch (error) {
    const reached = units.find(
      ({ prepared }) => !outcomes.get(prepared.unit.task)?.some((outcome) => outcome.unit.id === prepared.unit.id),
    )
    if (reached)
      report(failedOutcome(view, reached.prepared.unit.task, error, reached.prepared.unit, reached.prepared.after))
  }
  const bad = taken.find((one) => one.error !== undefined)
  if (bad && [...outcomes.values()].every(wentWell)) report(failedOutcome(view, bad.task, bad.error))
  let ok = true
  for (const { task, prepared } of taken) {
    const own = outcomes.get(task) ?? []
    if (!wentWell(own) || own.length < prepared.length) ok = false
    finishTask(lane, task, own, ok)
  }
  return ok
}

/** As soon as a task's units are all through, those that wait for its result may go on. */
function finishWhenComplete(
  lane: Lane,
  taken: readonly Taken[],
  outcomes: ReadonlyMap<Task, Outcome[]>,
  task: Task,
): void {
  const own = outcomes.get(task) ?? []
  if (own.length === taken.find((one) => one.task === task)?.prepared.length) finishTask(lane, task, own)
}

function finishTask(lane: Lane, task: Task, outcomes: readonly Outcome[], ok = wentWell(outcomes)): boolean {
  const slot = lane.slots.get(task)
  if (slot && !slot.finished) slot.finish(registered(task, outcomes), !ok)
  lane.through.get(task.name)?.resolve(ok)
  return ok
}

async function runBlock(lane: Lane, block: Block, moduleOf: ModuleOf): Promise<boolean> {
  let ok = await runItems(lane, block.block, moduleOf)
  const { walk } = lane.view
  // a plan can't see failures: the rescue is not part of it, and in an apply it runs only after one
  if (!ok && block.rescue.length > 0 && walk.mode === 'apply' && !walk.signal.aborted) {
    walk.emit({
      type: 'notice',
      text: `block ${block.name ?? ''} failed, running its rescue`.replace('  ', ' '),
      where: lane.view.host,
    })
    const failures = failuresOf(lane, block.block)
    ok = await runItems(lane, block.rescue, moduleOf)
    if (ok) for (const failed of failures) walk.outcomes.set(failed.unit.id, { ...failed, rescued: true })
  }
  const always = block.always.length === 0 ? true : await runItems(lane, block.always, moduleOf)
  return ok && always
}

function failuresOf(lane: Lane, items: readonly Item[]): readonly Outcome[] {
  const tasks = new Set(tasksIn(items))
  return [...lane.view.walk.outcomes.values()].filter(
    (outcome) => tasks.has(outcome.unit.task) && outcome.unit.host === lane.view.host && !wentWell([outcome]),
  )
}
