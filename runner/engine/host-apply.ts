import { ConnectionFailure, type Step } from '../connections/connection.ts'
import { failure } from '../language/diagnostic.ts'
import { digestOf, nothing } from '../plan/change.ts'
import { firstUnknown, printable } from '../plan/unknown.ts'
import type { Attempted, Doing } from './doing.ts'
import { dependsOn } from './effects.ts'
import { diffUnit, look, type Found, type HostUnit } from './host-look.ts'
import { asDeclared, isFalse } from './host-plan.ts'
import { send } from './host-send.ts'
import { judge } from './judge.ts'
import type { Outcome } from './outcome.ts'
import { unknownOutputs } from './outputs.ts'
import { persist } from './persist.ts'
import { checkPromise } from './promise.ts'
import { throughRestart } from './restart.ts'
import type { LaneView } from './scope.ts'

/**
 * Brings about what the tasks of one batch want, in their order, `report`ing each when it is through. Neighbours that do not
 * touch each other's things are sent together; after their steps the host is asked again, and a difference that is left
 * fails the task. Ends early after a failure that is not ignored.
 */
export async function applyHostUnits(
  view: LaneView,
  units: readonly HostUnit[],
  report: (outcome: Outcome) => void,
): Promise<void> {
  let rest = asForeseen(view, units, report)
  while (rest.length > 0) {
    view.walk.signal.throwIfAborted()
    const found = await persist(view, whereOf(view, rest), async () => await look(view, rest))
    const group: Doing[] = []
    let taken = 0
    for (const [index, unit] of rest.entries()) {
      if (
        group.length > 0 &&
        (group.some((other) => dependsOn(unit, other.unit)) || !together(group[0] as Doing, unit))
      )
        break
      let doing: Doing
      try {
        doing = compareUnit(view, unit, found[index] as Found)
      } catch (error) {
        // what stands before it is done first; then it is looked at again
        if (group.length > 0) break
        throw error
      }
      taken += 1
      if (doing.change.action === 'none' && !runsAlways(doing)) {
        report({
          ...base(unit),
          change: doing.change,
          result: 'ok',
          returned: unit.module.returned(unit.prepared.want, doing.have),
        })
        continue
      }
      if (doing.change.action === 'run' && ranBefore(view, unit)) {
        report({
          ...base(unit),
          change: nothing,
          result: 'ok',
          returned: unknownOutputs(
            unit.module,
            unit.prepared.want,
            unit.prepared.unit,
            'it ran in the run that is resumed',
          ),
          message: 'ran already in the run that is resumed',
        })
        continue
      }
      group.push(doing)
    }
    if (group.length > 0) {
      const done = await act(view, group, report)
      // what stands behind the one that failed (and is ignored) has not run
      const last = group[done - 1]
      taken = done < group.length && last ? rest.indexOf(last.unit) + 1 : taken
      if (done === 0) return
    }
    rest = rest.slice(taken)
  }
}

/**
 * Until something was done on a host in this run, it is as the plan saw it a moment ago: what the plan found right there is not
 * looked at again. Returns what is left.
 */
function asForeseen(
  { walk }: LaneView,
  units: readonly HostUnit[],
  report: (outcome: Outcome) => void,
): readonly HostUnit[] {
  for (const [index, { prepared }] of units.entries()) {
    const foreseen = walk.foreseen?.get(prepared.unit.id)
    const right = foreseen?.change.action === 'none' && foreseen.result === 'ok' && !foreseen.always
    if (!right || walk.disturbedHosts.has(prepared.unit.where)) return units.slice(index)
    report(foreseen)
  }
  return []
}

/** Compares, and has the module say its steps where there are any; throws whatever keeps the task from being done. */
function compareUnit(view: LaneView, unit: HostUnit, found: Found): Doing {
  const { task } = unit.prepared.unit
  const unknown = firstUnknown(unit.prepared.want)
  if (unknown)
    throw failure('E710', `“${task.name}” needs a value that is still not known: ${unknown.why}`, {
      at: task.at,
      hint: 'what it refers to was not selected, or gives no such output',
    })
  const change = diffUnit(unit, found)
  if ('error' in change) throw change.error
  if (!('have' in found)) throw failure('E731', `${unit.prepared.unit.where} is still not there`, { at: task.at })
  const doing = { unit, have: found.have, change, steps: [] }
  if (isSettled(view, doing)) return doing
  checkPromise(view.walk, unit.prepared.unit, asDeclared(task, change))
  return { ...doing, steps: unit.module.steps(unit.prepared.want, found.have, change) }
}

/** Whether there is nothing to do: all is as it should be, or it ran in the run that is resumed. */
function isSettled(view: LaneView, doing: Doing): boolean {
  const { action } = doing.change
  return (action === 'none' && !runsAlways(doing)) || (action === 'run' && ranBefore(view, doing.unit))
}

/** A command whose `changed_when: false` says that running it is no change. */
function runsAlways(doing: Doing): boolean {
  return doing.change.action === 'run' && isFalse(doing.unit.prepared.unit.task)
}

/** Whether the run that is resumed carried out this very command. */
function ranBefore(view: LaneView, { prepared }: HostUnit): boolean {
  return view.walk.finished?.get(prepared.unit.id) === digestOf(printable(prepared.want))
}

/** Tasks that look at their own outcome go alone. */
function together(first: Doing, unit: HostUnit): boolean {
  const alone = (candidate: HostUnit): boolean => {
    const { task } = candidate.prepared.unit
    return task.until !== undefined || task.failedWhen !== undefined || task.ignoreErrors || task.timeout !== undefined
  }
  const { prepared } = first.unit
  return (
    !alone(first.unit) &&
    !alone(unit) &&
    prepared.unit.where === unit.prepared.unit.where &&
    prepared.become === unit.prepared.become
  )
}

function base({ prepared }: HostUnit): Pick<Outcome, 'unit' | 'after'> {
  return { unit: prepared.unit, after: prepared.after }
}

/** Runs a group; returns how many of it are through (done, or failed and ignored). */
async function act(view: LaneView, group: readonly Doing[], report: (outcome: Outcome) => void): Promise<number> {
  for (const { unit, change } of group) {
    view.walk.disturbedHosts.add(unit.prepared.unit.where)
    view.started(unit.prepared.unit, change.action)
  }
  const outputs = await attempt(
    view,
    group,
    group.map(({ steps }) => steps),
  )
  for (const { unit, change } of group)
    if (unit.module.regroups?.(change)) await (await view.connection(unit.prepared.unit.where))?.renew()
  let reached = group.length
  let failed = false
  for (const [index, doing] of group.entries()) {
    const done = outputs.perUnit[index]
    if (!done) {
      reached = Math.min(reached, index)
      continue
    }
    const after = outputs.after[index]
    const outcome = await judge(view, doing, done, after, () => attempt(view, [doing], [doing.steps]))
    report(outcome)
    // what ran beside it has run all the same, and is told
    if (outcome.result === 'failed') failed = true
    else if (done.some((output) => output.code !== 0)) reached = Math.min(reached, index + 1)
  }
  return failed ? 0 : reached
}

async function attempt(
  view: LaneView,
  group: readonly Doing[],
  steps: readonly (readonly Step[])[],
): Promise<Attempted> {
  const [first] = group
  const restarted = first?.unit.module.restarted
  if (first && restarted)
    return await throughRestart(view, first, restarted, async (alone) => await send(view, [first], [alone]))
  try {
    return await send(view, group, steps)
  } catch (error) {
    if (!(error instanceof ConnectionFailure) || !error.passing || view.walk.signal.aborted) throw error
    return await afterCut(view, group, steps, error)
  }
}

/**
 * The link broke while the group ran. What the host looks like now says what got done; what is convergent is done again,
 * once. A command can't be repeated safely, so it fails.
 */
async function afterCut(
  view: LaneView,
  group: readonly Doing[],
  steps: readonly (readonly Step[])[],
  cut: ConnectionFailure,
): Promise<Attempted> {
  const units = group.map(({ unit }) => unit)
  const found = await persist(view, whereOf(view, units), async () => await look(view, units))
  const left = group.map((doing, index) => {
    const change = diffUnit(doing.unit, found[index] as Found)
    return 'error' in change || change.action !== 'none'
  })
  if (group.some((doing, index) => left[index] && doing.change.action === 'run')) throw cut
  return await send(
    view,
    group,
    steps.map((list, index) => (left[index] ? list : [])),
  )
}

function whereOf(view: LaneView, units: readonly HostUnit[]): string {
  return units[0]?.prepared.unit.where ?? view.host
}
