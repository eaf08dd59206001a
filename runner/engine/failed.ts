import { ConnectionFailure } from '../connections/connection.ts'
import { Failure, type Diagnostic, type Range } from '../language/diagnostic.ts'
import type { Task } from '../language/program.ts'
import { Blocked } from './evaluate-task.ts'
import type { Result } from './event.ts'
import { unitId, type Outcome, type Unit } from './outcome.ts'
import type { Walk } from './walk.ts'

/** As much of a lane as saying what went wrong needs. */
export interface FailedAt {
  readonly walk: Pick<Walk, 'emit' | 'world' | 'signal'> & { readonly program?: Walk['program'] }
  readonly host: string
}

/** The outcome of a task that threw: says why as diagnostics, never as a stack trace. */
export function failedOutcome(
  view: FailedAt,
  task: Task,
  error: unknown,
  unit?: Unit,
  after: readonly string[] = [],
): Outcome {
  const where = /^(aws|duckdns)\./.test(task.module) ? 'aws' : view.host
  const at: Unit = unit ?? { id: unitId(task, view.host), task, host: view.host, where }
  const result = resultOf(view, task, error)
  if (result === 'failed' || result === 'unreachable' || result === 'ignored') {
    for (const diagnostic of diagnosticsOf(view, task, error))
      view.walk.emit({ type: 'diagnostic', diagnostic, node: at.id })
  }
  const message = messageOf(view, task, error)
  return { unit: at, after, change: { action: 'unknown', fields: [], why: message }, result, returned: {}, message }
}

function resultOf(view: FailedAt, task: Task, error: unknown): Result {
  if (view.walk.signal.aborted) return 'cancelled'
  if (error instanceof Blocked || (error instanceof Error && error.message === 'blocked')) return 'blocked'
  if (task.ignoreErrors) return 'ignored'
  return error instanceof ConnectionFailure ? 'unreachable' : 'failed'
}

function diagnosticsOf(view: FailedAt, task: Task, error: unknown): readonly Diagnostic[] {
  if (error instanceof Failure)
    return error.diagnostics.map(({ of = [], ...diagnostic }) => ({ at: rangeOf(view, task, of), ...diagnostic }))
  return [{ at: task.at, ...view.walk.world.explain(error) }]
}

/** Where an argument is written; as near as can be, where an expression made it. */
function rangeOf({ walk }: FailedAt, task: Task, path: readonly (string | number)[]): Range {
  let at = task.at
  let inside: unknown = task.args
  for (const key of path) {
    if (typeof inside !== 'object' || inside === null) break
    at = walk.program?.locate(inside, key) ?? at
    inside = (inside as Readonly<Record<string | number, unknown>>)[key]
  }
  return at
}

function messageOf(view: FailedAt, task: Task, error: unknown): string {
  if (error instanceof Blocked) return error.message
  return diagnosticsOf(view, task, error)
    .map((diagnostic) => diagnostic.message)
    .join('; ')
}
