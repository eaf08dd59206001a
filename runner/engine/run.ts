import type { Inventory } from '../inventory/inventory.ts'
import type { Program, Task } from '../language/program.ts'
import { findModule } from '../modules/find.ts'
import type { Module } from '../modules/module.ts'
import { makePlan, type Entry, type Plan } from '../plan/plan.ts'
import { deleteObjects } from './delete-objects.ts'
import { accuracyOf, type Accuracy } from './accuracy.ts'
import type { EventBody } from './event.ts'
import { courseOf } from './graph.ts'
import { entryOf, type Outcome } from './outcome.ts'
import { findOrphans, dataLosses } from './orphans.ts'
import { walkPlays } from './play.ts'
import { Registers } from './registers.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import type { Walk, WalkOptions, World } from './walk.ts'

/** Everything a verb needs to walk a program. */
export interface Request {
  readonly program: Program
  /** A fresh inventory for each walk: hosts that tasks make join its groups. */
  readonly inventory: () => Inventory
  readonly world: World
  readonly options: WalkOptions
  readonly emit: (event: EventBody) => void
  readonly signal: AbortSignal
  readonly cut: AbortSignal
  /** Handlers that earlier runs owe. */
  readonly leftUndone?: ReadonlyMap<string, string>
  /** Seconds by kind of work that earlier runs took ({@link usualTimes}). */
  readonly usual?: ReadonlyMap<string, number>
  /** Digest of what the plan rests on beside what is read: sources, inventory, variables. */
  readonly sources: string
}

/** A plan, and what the walk that made it knows beyond it. */
export interface Planned {
  readonly plan: Plan
  readonly ok: boolean
  readonly outcomes: ReadonlyMap<string, Outcome>
}

export interface Finished {
  readonly ok: boolean
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly accuracy: Accuracy
}

/** Loads the modules that a program uses. */
export async function modulesOf(program: Program): Promise<(task: Task) => Module> {
  const names = new Set(tasksOfProgram(program).map((task) => task.module))
  const loaded = new Map(await Promise.all([...names].map(async (name) => [name, await findModule(name)] as const)))
  return (task) => {
    const module = loaded.get(task.module)
    if (!module) throw new Error(`module ${task.module} was not loaded`)
    return module
  }
}

export function startWalk(request: Request, mode: Walk['mode'], more: Partial<Walk> = {}): Walk {
  const { program, world, options, emit, signal, cut } = request
  return {
    mode,
    program,
    world,
    options,
    emit,
    signal,
    cut,
    inventory: request.inventory(),
    registers: new Registers(),
    outcomes: new Map(),
    readying: new Set(),
    hostsReady: new Map(),
    hostKeys: new Map(),
    unvouched: new Set(),
    blankHosts: new Set(),
    madeHosts: new Map(),
    failedHosts: new Set(),
    disturbedHosts: new Set(),
    ...(request.leftUndone && { leftUndone: request.leftUndone }),
    ...more,
  }
}

/** Reads everything and compares; changes nothing. */
export async function planRun(request: Request): Promise<Planned> {
  const walk = startWalk(request, 'plan')
  const ok = await walkPlays(walk, await modulesOf(request.program))
  const sound = ok && (await addOrphans(walk))
  const shown = inOrder(walk).filter((outcome) => !outcome.hidden && outcome.result !== 'skipped')
  const course = await courseOf(shown, request.usual ?? new Map())
  const plan = makePlan(request.program.file, request.sources, shown.map(entryOf), course)
  return { plan, ok: sound && !walk.signal.aborted, outcomes: walk.outcomes }
}

/** Outcomes in the order of the playbook, and within a task in that of the hosts; they came as hosts and AWS answered. */
export function inOrder(walk: Walk): readonly Outcome[] {
  const tasks = new Map(tasksOfProgram(walk.program).map((task, index) => [task, index]))
  const hosts = new Map([...walk.inventory.hosts.keys()].map((name, index) => [name, index]))
  const place = ({ unit }: Outcome): readonly [number, number] => [
    tasks.get(unit.task) ?? tasks.size,
    hosts.get(unit.host) ?? -1,
  ]
  return [...walk.outcomes.values()].toSorted((one, other) => {
    const [[task, host], [otherTask, otherHost]] = [place(one), place(other)]
    return task - otherTask || host - otherHost
  })
}

/** What the playbook no longer names joins the plan. False: data would be lost that nobody said may go. */
export async function addOrphans(walk: Walk): Promise<boolean> {
  const orphans = await findOrphans(walk)
  for (const outcome of orphans) walk.outcomes.set(outcome.unit.id, outcome)
  const losses = walk.options.prune ? dataLosses(orphans, walk.options.allowDestroy) : []
  for (const diagnostic of losses) walk.emit({ type: 'diagnostic', diagnostic })
  return losses.length === 0
}

/** Whether an apply of this plan has anything to do, be it only to run a check or to wait. */
export function hasWork(planned: Planned): boolean {
  return [...planned.outcomes.values()].some(
    (outcome) =>
      !outcome.hidden &&
      outcome.orphan !== 'kept' &&
      (outcome.change.action !== 'none' || outcome.always || outcome.pending !== undefined),
  )
}

/** Brings about what the plan promised: re-reads, acts, waits until all is ready. */
export async function applyRun(
  request: Request,
  planned: Planned,
  finished?: ReadonlyMap<string, string>,
): Promise<Finished> {
  const entries = new Map<string, Entry>(planned.plan.entries.map((entry) => [entry.node, entry]))
  const walk = startWalk(request, 'apply', {
    planned: entries,
    foreseen: planned.outcomes,
    ...(finished && { finished }),
  })
  let ok = await walkPlays(walk, await modulesOf(request.program))
  // ready nodes may add ready nodes of tasks that waited for them
  for (let seen = -1; seen !== walk.readying.size;) {
    seen = walk.readying.size
    await Promise.all(walk.readying)
  }
  if (
    [...walk.outcomes.values()].some(
      (outcome) => ['failed', 'unreachable', 'blocked', 'cancelled'].includes(outcome.result) && !outcome.rescued,
    )
  )
    ok = false
  // only when all else went well: what is new may have to take over from what goes
  if (ok && walk.options.prune) {
    const orphans = new Map([...planned.outcomes].filter(([, outcome]) => outcome.orphan === 'pruned'))
    const gone = await deleteObjects(request, orphans)
    for (const [node, outcome] of gone.outcomes) walk.outcomes.set(node, outcome)
    ok = gone.ok
  }
  return { ok, outcomes: walk.outcomes, accuracy: accuracyOf(planned.plan, walk.outcomes) }
}
