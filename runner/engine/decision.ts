import type { Task } from '../language/program.ts'
import type { RunnerModule } from '../modules/module.ts'
import { nothing } from '../plan/change.ts'
import { failedOutcome } from './failed.ts'
import type { Lane } from './lane.ts'
import type { Outcome } from './outcome.ts'
import { prepare, type Prepared } from './prepare.ts'

/** Runs a task that the runner itself decides (`assert`, `debug`, `set_facts`, `fail`): the same in a plan and in an apply. */
export async function runDecision(lane: Lane, task: Task, module: RunnerModule): Promise<readonly Outcome[]> {
  const { view } = lane
  const hidden = !view.walk.options.selects(task)
  try {
    const prepared = await prepare(view, task, module)
    return prepared.map((one) => decide(lane, one, module, hidden))
  } catch (error) {
    // what was not selected is evaluated for the facts that others use; that it can't be is only then a fault
    if (hidden) return []
    const outcome = failedOutcome(view, task, error)
    lane.report(outcome)
    return [outcome]
  }
}

function decide(lane: Lane, prepared: Prepared, module: RunnerModule, hidden: boolean): Outcome {
  const { unit, after } = prepared
  const base = { unit, after, change: nothing, returned: {}, ...(hidden && { hidden }) }
  const outcome =
    prepared.kind === 'do'
      ? evaluated(lane, prepared, module, hidden)
      : { ...base, result: prepared.kind === 'skipped' ? ('skipped' as const) : ('ok' as const) }
  lane.report(outcome)
  return outcome
}

function evaluated(
  lane: Lane,
  prepared: Extract<Prepared, { kind: 'do' }>,
  module: RunnerModule,
  hidden: boolean,
): Outcome {
  const { unit, after, want } = prepared
  const { view } = lane
  const { returned, message, failure, facts } = module.evaluate(want)
  for (const [name, value] of Object.entries(facts ?? {})) {
    view.walk.registers.declare(view.host, name, view.ordinal(unit.task), unit.id).finish(value)
  }
  const result = failure === undefined || hidden ? 'ok' : unit.task.ignoreErrors ? 'ignored' : 'failed'
  if (result === 'failed' && failure !== undefined) {
    view.walk.emit({
      type: 'diagnostic',
      diagnostic: { severity: 'error', code: 'E740', message: failure, at: unit.task.at },
      node: unit.id,
    })
  }
  const text = failure ?? message
  return {
    unit,
    after,
    change: nothing,
    result,
    returned,
    always: true,
    ...(hidden && { hidden }),
    ...(text !== undefined && { message: text }),
  }
}
