import type { Task } from '../language/program.ts'
import type { Bill } from '../plan/bill.ts'
import type { Change } from '../plan/change.ts'
import type { Entry } from '../plan/plan.ts'
import type { Value, Values } from '../plan/unknown.ts'
import type { Result } from './event.ts'

/** One task at one place for one item of its loop: the node of the graph. */
export interface Unit {
  readonly id: string
  readonly task: Task
  /** Host of the lane: whose variables are used. */
  readonly host: string
  /** Where the work is done: the host, the one it is delegated to, or `aws`. */
  readonly where: string
  /** The loop's item, for people. */
  readonly label?: string
  readonly item?: Value
  /** Nodes that have to be ready before it begins; of others that it comes after it is enough that AWS has accepted them. */
  readonly awaits?: readonly string[]
}

/** What became of a unit, in a plan or an apply. */
export interface Outcome {
  readonly unit: Unit
  readonly change: Change
  readonly result: Result
  readonly returned: Values
  /** Nodes whose outputs its arguments used. */
  readonly after: readonly string[]
  readonly assumed?: boolean
  /** Read only to know its outputs: not selected, so not part of the plan. */
  readonly hidden?: boolean
  /** Runs at every apply, though it changes nothing. */
  readonly always?: boolean
  /** Not settled yet, so that an apply waits for it. */
  readonly pending?: string
  readonly message?: string
  /** It failed inside a block whose rescue went well. */
  readonly rescued?: boolean
  /** Of a handler that nothing notified: why it runs all the same. */
  readonly overdue?: string
  /** Digest of its arguments, for `--resume`. */
  readonly digest?: string
  /** Ids of what was found in AWS; absent where it is not known which object is meant. */
  readonly found?: readonly string[]
  /** In AWS, but no longer in the playbook. */
  readonly orphan?: 'kept' | 'pruned'
  /** Its data would be lost with it. */
  readonly holdsData?: boolean
  /** What AWS bills for it, before and after. */
  readonly bill?: Bill
  /** What destroying needs to know. */
  readonly destroy?: Destroyable
}

export interface Destroyable {
  run(status: (text: string) => void): Promise<void>
}

export function unitId(task: Task, host: string, item?: string): string {
  return item === undefined ? `${task.id}@${host}` : `${task.id}[${item}]@${host}`
}

/** The plan's line for an outcome. */
export function entryOf(outcome: Outcome): Entry {
  const { unit, change } = outcome
  return {
    node: unit.id,
    task: unit.label === undefined ? unit.task.name : `${unit.task.name} (${unit.label})`,
    module: unit.task.module,
    where: unit.where,
    action: change.action,
    fields: unit.task.noLog ? change.fields.map(hide) : change.fields,
    ...(change.why !== undefined && { why: change.why }),
    after: outcome.after,
    at: unit.task.at,
    ...(outcome.assumed && { assumed: true as const }),
    ...(outcome.orphan && { orphan: outcome.orphan }),
  }
}

function hide(field: Change['fields'][number]): Change['fields'][number] {
  return {
    ...field,
    ...(field.before !== undefined && { before: '[secret]' }),
    ...(field.after !== undefined && { after: '[secret]' }),
    sensitive: true,
  }
}
