import type { Connection } from '../connections/connection.ts'
import { render } from '../language/expression/evaluate.ts'
import type { Play, Task } from '../language/program.ts'
import { isMap, Unknown, type Value, type Values } from '../plan/unknown.ts'
import type { Result } from './event.ts'
import { gatherFacts } from './facts.ts'
import type { HostUnit } from './host-look.ts'
import { vouchedKeys } from './hosts-made.ts'
import { unitId, type Outcome } from './outcome.ts'
import type { Overdue } from './overdue.ts'
import { tellReading } from './reading.ts'
import type { Slot } from './registers.ts'
import { placeFor } from './place.ts'
import { makePrinting } from './printing.ts'
import { makeSending } from './sending.ts'
import { scopeOf, type LaneView } from './scope.ts'
import { tasksOfPlay } from '../language/tasks.ts'
import type { Walk } from './walk.ts'

/** A lane with what it remembers while it runs. */
export interface Lane {
  readonly view: LaneView
  /** The first host of the play: it alone does what is to be done once. */
  readonly first: boolean
  readonly slots: Map<Task, Slot>
  /** By task name: when it is through; false when it failed. What `needs` waits for. */
  readonly through: Map<string, { readonly done: Promise<boolean>; resolve(ok: boolean): void }>
  /** Handlers told so far, and whether that is certain. */
  readonly notified: Map<string, 'yes' | 'maybe'>
  /** Whether handlers are overdue, asked with the tasks that notify them. */
  readonly overdue: Map<Task, readonly Promise<Overdue>[]>
  /** Handlers that were overdue and have run. */
  readonly caughtUp: Set<Task>
  report(outcome: Outcome): void
}

const starts = new WeakMap<Walk, Map<string, number>>()

export function makeLane(
  walk: Walk,
  play: Play,
  host: string,
  ordinals: ReadonlyMap<Task, number>,
  first = true,
): Lane {
  const facts = walk.registers.declare(`facts of ${host}`, 'facts', -1, `facts@${host}`)
  const changing: HostUnit[] = []
  const printing = makePrinting(walk.emit, walk.world.clock)
  const sending = makeSending(walk.emit, walk.world.clock)
  const view: LaneView = {
    walk,
    play,
    host,
    facts,
    changing,
    ordinal: (task) => ordinals.get(task) ?? 0,
    needs: (task) =>
      tasksOfPlay(play)
        .filter((other) => task.needs.includes(other.name))
        .map((needed) => unitId(needed, host)),
    aws: () => Promise.resolve(cloudOf(view, play)),
    connection: (where) => connectionTo(walk, play, where),
    started: (unit, action) => {
      startTimes(walk).set(unit.id, walk.world.clock())
      walk.emit({
        type: 'node.start',
        node: unit.id,
        task: unit.task.name,
        module: unit.task.module,
        where: unit.where,
        phase: 'act',
        action,
      })
    },
    printed: (unit, stream, text, progress) => {
      if (!unit.task.noLog) printing.take(unit.id, stream, text, progress)
    },
    sent: (unit, sent, all) => sending(unit.id, sent, all),
  }
  facts.start = () => {
    facts.start = undefined
    void gatherFacts(view).then(
      (value) => facts.finish(value),
      () => facts.finish(new Unknown(`facts of ${host} cannot be read`), true),
    )
  }
  const lane: Lane = {
    view,
    first,
    slots: new Map(),
    through: new Map(),
    notified: new Map(),
    overdue: new Map(),
    caughtUp: new Set(),
    report(outcome) {
      printing.end(outcome.unit.id)
      reportTo(lane, outcome)
    },
  }
  return lane
}

function startTimes(walk: Walk): Map<string, number> {
  const times = starts.get(walk) ?? new Map<string, number>()
  starts.set(walk, times)
  return times
}

function reportTo(lane: Lane, outcome: Outcome): void {
  const { walk } = lane.view
  const { unit, change, result } = outcome
  walk.outcomes.set(unit.id, outcome)
  if (outcome.hidden) return
  if (result === 'changed' || (walk.mode === 'plan' && change.action !== 'none')) {
    const certainty = change.action === 'unknown' && result !== 'changed' ? 'maybe' : 'yes'
    for (const name of unit.task.notify) {
      if (lane.notified.get(name) !== 'yes') lane.notified.set(name, certainty)
    }
  }
  if (walk.mode === 'plan') {
    tellReading(walk, unit.task.name)
    return
  }
  const now = walk.world.clock()
  walk.emit({
    type: 'node.done',
    node: unit.id,
    task: unit.label === undefined ? unit.task.name : `${unit.task.name} (${unit.label})`,
    where: unit.where,
    phase: 'act',
    result,
    action: change.action,
    ...(change.fields.length > 0 && !unit.task.noLog && { fields: change.fields }),
    seconds: (now - (startTimes(walk).get(unit.id) ?? now)) / 1000,
    ...(outcome.message !== undefined && { message: outcome.message }),
    ...(outcome.digest !== undefined && { digest: outcome.digest }),
  })
}

function cloudOf(view: LaneView, play: Play): Values {
  if (!play.aws) return {}
  const value = render(play.aws, scopeOf(view, undefined, {}, new Set()))
  return isMap(value) ? value : {}
}

async function connectionTo(walk: Walk, play: Play, where: string): Promise<Connection | undefined> {
  if (walk.options.offline || (walk.destroying && walk.madeHosts.has(where))) return undefined
  await walk.hostsReady.get(where)
  if (walk.blankHosts.has(where)) return undefined
  const place = placeFor(play, walk.inventory, where)
  const { connection, pinAs } = place
  const hostKeys = connection === 'local' || pinAs === undefined ? undefined : await vouchedKeys(walk, where, pinAs)
  return walk.world.connect({
    ...place,
    ...(hostKeys && { hostKeys }),
    ...(walk.world.becomePassword && { becomePassword: walk.world.becomePassword }),
  })
}

/** What `register` makes of a task's units: one map, or for a loop a map with their list. */
export function registered(task: Task, outcomes: readonly Outcome[]): Value {
  const single = (outcome: Outcome): Values => ({
    ...outcome.returned,
    changed:
      outcome.change.action === 'unknown' && outcome.result === 'ok'
        ? new Unknown(`${task.name} is done`)
        : isChange(outcome),
    failed: failedResults.has(outcome.result),
    skipped: outcome.result === 'skipped',
  })
  const first = outcomes[0]
  if (task.loop === undefined && first) return single(first)
  if (outcomes.some((outcome) => outcome.unit.label === undefined))
    return new Unknown(`the list that “${task.name}” loops over`)
  // each with its item, as in Ansible
  const results = outcomes.map((outcome) => ({ ...single(outcome), [task.loopVar]: outcome.unit.item ?? null }))
  return {
    results,
    changed: outcomes.some(isChange),
    failed: results.some((result) => result['failed'] === true),
    skipped: false,
  }
}

const failedResults: ReadonlySet<Result> = new Set(['failed', 'ignored', 'unreachable', 'blocked', 'cancelled'])

function isChange(outcome: Outcome): boolean {
  return outcome.result === 'changed' || (outcome.result === 'ok' && outcome.change.action !== 'none')
}

/** Whether the task came to an end that lets others go on. */
export function wentWell(outcomes: readonly Outcome[]): boolean {
  return outcomes.every((outcome) => !['failed', 'unreachable', 'blocked', 'cancelled'].includes(outcome.result))
}
