import type { Output } from '../connections/connection.ts'
import type { Failure } from '../language/diagnostic.ts'
import { evaluate } from '../language/expression/evaluate.ts'
import type { Expression } from '../language/expression/expression.ts'
import { digestOf } from '../plan/change.ts'
import { printable, type Value, type Values } from '../plan/unknown.ts'
import type { Attempted, Doing } from './doing.ts'
import { settle } from './evaluate-task.ts'
import { diffUnit, type Found, type HostUnit } from './host-look.ts'
import { isFalse } from './host-plan.ts'
import type { Outcome } from './outcome.ts'
import type { LaneView } from './scope.ts'
import { wayOut } from './ways-out.ts'

/** Decides what became of a task whose steps ran: exit statuses, `until`, `failed_when`, `changed_when`, convergence. */
export async function judge(
  view: LaneView,
  doing: Doing,
  done: readonly Output[],
  after: Found | undefined,
  again: () => Promise<Attempted>,
): Promise<Outcome> {
  const { prepared } = doing.unit
  const { task } = prepared.unit
  let outputs = done
  let found = after
  for (let attempt = 1; ; attempt++) {
    const verdict = await decide(view, doing, outputs, found)
    const retry = task.until ? !verdict.until : verdict.failed !== undefined && task.retries > 0
    if (!retry || attempt > task.retries || view.walk.signal.aborted) {
      const failed =
        verdict.failed ??
        (task.until && !verdict.until ? `until did not become true in ${attempt} attempts` : undefined)
      return outcome(doing, verdict, failed)
    }
    view.walk.emit({
      type: 'node.retry',
      node: prepared.unit.id,
      attempt,
      of: task.retries,
      why: verdict.failed ?? `until: ${task.until?.text ?? ''}`,
    })
    await view.walk.world.sleep(task.delay * 1000, view.walk.signal)
    const next = await again()
    outputs = next.perUnit[0] ?? []
    found = next.after[0]
  }
}

interface Verdict {
  readonly failed?: string
  readonly changed: boolean
  readonly until: boolean
  readonly returned: Values
}

async function decide(
  view: LaneView,
  doing: Doing,
  outputs: readonly Output[],
  after: Found | undefined,
): Promise<Verdict> {
  const { prepared } = doing.unit
  const { task } = prepared.unit
  const have = after && 'have' in after ? after.have : doing.have
  const bad = outputs.find((output) => output.code !== 0)
  const returned = returnedOf(doing, have, outputs, bad)
  const register: Values = { ...returned, changed: true, failed: bad !== undefined, skipped: false }
  const ask = async (expression: Expression): Promise<Value> => {
    const vars: Values = {
      ...prepared.vars,
      ...register,
      ...(task.register !== undefined && { [task.register]: register }),
    }
    return (await settle(view, task, vars, (scope) => evaluate(expression, scope))).value
  }
  const failedWhen = task.failedWhen ? (await ask(task.failedWhen)) === true : undefined
  const failed =
    failedWhen === undefined
      ? bad
        ? complaint(doing.unit, bad)
        : undefined
      : failedWhen
        ? `failed_when: ${task.failedWhen?.text ?? ''}`
        : undefined
  const changed = isFalse(task) ? false : task.changedWhen ? (await ask(task.changedWhen)) === true : true
  const until = task.until ? (await ask(task.until)) === true : true
  const unmoved = failed === undefined && bad === undefined ? notConverged(doing, after) : undefined
  return {
    ...((failed ?? unmoved) !== undefined && { failed: (failed ?? unmoved) as string }),
    changed,
    until,
    returned,
  }
}

function returnedOf(doing: Doing, have: unknown, outputs: readonly Output[], bad: Output | undefined): Values {
  const { module, prepared } = doing.unit
  try {
    return module.returned(prepared.want, have, outputs)
  } catch (error) {
    if (bad) return {}
    throw error
  }
}

/** After its steps a task must find nothing left to do; commands have no state to look at. */
function notConverged(doing: Doing, after: Found | undefined): string | undefined {
  if (doing.change.action === 'run' || !after) return undefined
  const left = diffUnit(doing.unit, after)
  if ('error' in left) return `its state cannot be read after the change: ${(left.error as Failure).message}`
  if (left.action === 'none') return undefined
  const fields = left.fields.map((field) =>
    field.sensitive ? field.path : `${field.path} is ${JSON.stringify(field.before ?? null)?.slice(0, 80)}`,
  )
  return `did not converge: after the change there is still something to do (${fields.join(', ') || left.action})`
}

function complaint({ prepared, module }: HostUnit, output: Output): string {
  if (prepared.unit.task.noLog) return `exit status ${output.code} (its output is hidden by no_log)`
  const lines = (output.stderr.trim() || output.stdout.trim()).split('\n')
  const text = lines
    .filter((line) => module.progress?.(line) === undefined)
    .slice(-12)
    .join('\n')
  const way = wayOut(output, prepared.become !== undefined)
  const said = text === '' ? `exit status ${output.code}` : `${text}\n(exit status ${output.code})`
  return way === undefined ? said : `${said}\n${way}`
}

function outcome(doing: Doing, verdict: Verdict, failed: string | undefined): Outcome {
  const { prepared } = doing.unit
  const { task } = prepared.unit
  const common = { unit: prepared.unit, after: prepared.after, returned: verdict.returned }
  if (failed !== undefined) {
    return { ...common, change: doing.change, result: task.ignoreErrors ? 'ignored' : 'failed', message: failed }
  }
  const action = verdict.changed ? doing.change.action : 'none'
  const digest = doing.change.action === 'run' ? { digest: digestOf(printable(prepared.want)) } : {}
  return {
    ...common,
    ...digest,
    change: verdict.changed ? doing.change : { action, fields: [] },
    result: verdict.changed ? 'changed' : 'ok',
  }
}
