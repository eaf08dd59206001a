import type { Task } from '../language/program.ts'
import { failure } from '../language/diagnostic.ts'
import { nothing, type Change } from '../plan/change.ts'
import { firstUnknown, type Values } from '../plan/unknown.ts'
import { dependsOn, rewrites } from './effects.ts'
import { failedOutcome } from './failed.ts'
import { diffUnit, look, type Found, type HostUnit } from './host-look.ts'
import type { Destroyable, Outcome } from './outcome.ts'
import { persist } from './persist.ts'
import { unknownOutputs } from './outputs.ts'
import type { LaneView } from './scope.ts'

/** Compares the tasks of one batch with the host, changing nothing. One that cannot be compared keeps none of the others from being told. */
export async function planHostUnits(view: LaneView, units: readonly HostUnit[]): Promise<readonly Outcome[]> {
  const where = units[0]?.prepared.unit.where ?? view.host
  const found = await persist(view, where, async () => await look(view, units))
  return units.map((unit, index) => {
    try {
      return planUnit(view, unit, found[index] as Found)
    } catch (error) {
      view.changing.push(unit)
      const { prepared } = unit
      return failedOutcome(view, prepared.unit.task, error, prepared.unit, prepared.after)
    }
  })
}

function planUnit(view: LaneView, unit: HostUnit, found: Found): Outcome {
  const { prepared, module } = unit
  const before = view.changing.filter((other) => dependsOn(unit, other))
  const compared = diffUnit(unit, found)
  if ('error' in compared) {
    const cause = before.findLast((other) => rewrites(other, unit)) ?? before.at(-1)
    if (!cause) throw compared.error
    // it can't be told what it will find after the tasks before it: honest is to say so
    const change: Change = {
      action: 'unknown',
      fields: [],
      why: `depends on what “${cause.prepared.unit.task.name}” leaves`,
    }
    view.changing.push(unit)
    return outcomeOf(view, unit, change, found)
  }
  let change = asDeclared(prepared.unit.task, compared)
  const rewriter = view.changing.find((other) => rewrites(other, unit))
  if (change.action === 'none' && rewriter) {
    change = { action: 'unknown', fields: [], why: `“${rewriter.prepared.unit.task.name}” rewrites it first` }
  }
  if (change.action !== 'none') view.changing.push(unit)
  const always = change.action === 'none' && compared.action === 'run'
  const outcome = outcomeOf(view, unit, change, found)
  return always
    ? {
        ...outcome,
        always,
        returned: unknownOutputs(module, prepared.want, prepared.unit, `${prepared.unit.task.name} runs`),
      }
    : outcome
}

/** What `changed_when` makes of a command that would run. */
export function asDeclared(task: Task, change: Change): Change {
  if (change.action !== 'run' || !task.changedWhen) return change
  if (isFalse(task)) return nothing
  return { action: 'unknown', fields: change.fields, why: 'it runs; changed_when decides whether that is a change' }
}

export function isFalse(task: Task): boolean {
  const node = task.changedWhen?.node
  return node?.kind === 'literal' && node.value === false
}

function outcomeOf(view: LaneView, { prepared, module }: HostUnit, change: Change, found: Found): Outcome {
  const { unit, want, after } = prepared
  const returned: Values =
    change.action === 'none' && 'have' in found
      ? module.returned(want, found.have)
      : unknownOutputs(module, want, unit, `${unit.task.name} on ${unit.where} is done`)
  const destroy = 'have' in found ? undoing(view, { prepared, module }, found.have) : undefined
  return {
    unit,
    change,
    result: 'ok',
    returned,
    after,
    ...('blank' in found && { assumed: true }),
    ...(destroy && { destroy }),
  }
}

/** How `destroy` takes away what this task put on a host that stays. */
function undoing(view: LaneView, { prepared, module }: HostUnit, have: unknown): Destroyable | undefined {
  if (!view.walk.destroying || !module.undo || firstUnknown(prepared.want)) return undefined
  const steps = module.undo(prepared.want, have)
  if (steps.length === 0) return undefined
  const { task, where } = prepared.unit
  return {
    async run() {
      const connection = await view.connection(where)
      if (!connection) return
      const become = prepared.become === undefined ? {} : { become: prepared.become }
      const outputs = await connection.run(steps, {
        ...become,
        signal: view.walk.cut,
        timeout: module.timeout ?? 600,
        stopOnFailure: true,
      })
      const bad = outputs.find((output) => output.code !== 0)
      if (bad)
        throw failure('E732', `“${task.name}” could not be undone on ${where}: ${bad.stderr.trim().slice(-400)}`, {
          at: task.at,
        })
    },
  }
}
