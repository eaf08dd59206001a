import type { Range } from '../language/diagnostic.ts'
import type { Cost } from './cost.ts'
import { actions, digestOf, type Action, type Field } from './change.ts'

/** One line of a plan: what would happen to one thing at one place. */
export interface Entry {
  /** Unique in the plan, stable between runs: `play/task@place` or `play/task[item]@place`. */
  readonly node: string
  readonly task: string
  readonly module: string
  /** Host name, or `aws` for cloud tasks. */
  readonly where: string
  readonly action: Action
  readonly fields: readonly Field[]
  readonly why?: string
  /** Nodes that are done before this one. */
  readonly after: readonly string[]
  readonly at: Range
  /** True: the host does not exist yet, and is taken to be empty. */
  readonly assumed?: true
  /** It carries this playbook's tag, but the playbook no longer names it: left alone, or deleted because of `--prune`. */
  readonly orphan?: 'kept' | 'pruned'
}

/** Why `destroy` does nothing to what a task cares for on a host; what is not as it would make it has more behind it. */
export const leftInPlace = 'left in place on the host'

/** How long applying a plan usually takes. */
export interface Course {
  readonly seconds: number
  /** Nodes of the longest path, in order, and what each adds to it. */
  readonly critical: readonly { readonly node: string; readonly seconds: number }[]
}

export interface Plan {
  readonly format: 1
  readonly playbook: string
  readonly entries: readonly Entry[]
  readonly counts: Readonly<Record<Action, number>>
  readonly course?: Course
  /** SHA-256 of what the plan rests on: the playbook's sources and what was read. */
  readonly digest: string
  /** What it makes dearer or cheaper, if anything. */
  readonly cost?: Cost
}

export function makePlan(playbook: string, sources: string, entries: readonly Entry[], course?: Course): Plan {
  const counts = Object.fromEntries(
    actions.map((action) => [action, entries.filter((entry) => entry.action === action).length]),
  ) as Record<Action, number>
  // hosts are through in any order: what a plan says does not depend on it
  const ordered = entries.toSorted((a, b) => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0))
  const said = ordered.map(({ node, action, fields }) => ({
    node,
    action,
    fields: fields.map((field) => ({ ...field })),
  }))
  return { format: 1, playbook, entries, counts, ...(course && { course }), digest: digestOf({ sources, said }) }
}

/** Whether applying would change nothing. */
export function isEmpty(plan: Plan): boolean {
  return plan.entries.every((entry) => entry.action === 'none' || entry.orphan === 'kept')
}

const allowed: Readonly<Record<Action, readonly Action[]>> = {
  none: ['none'],
  create: ['create', 'update', 'none'],
  update: ['update', 'none'],
  // a replacement may have come half-way: the old one is gone
  replace: ['replace', 'create', 'update', 'none'],
  delete: ['delete', 'none'],
  run: ['run', 'none'],
  // a value that was not known may turn out to need anything but destruction
  unknown: ['unknown', 'create', 'update', 'run', 'none'],
}

/**
 * Whether what is about to be done was promised: apply may do less than the plan, never more. An update may not touch a
 * field that the plan did not name. Returns the sentence that says what is more, or undefined.
 */
export function beyondPlan(
  planned: Pick<Entry, 'action' | 'fields'>,
  now: Pick<Entry, 'action' | 'fields'>,
): string | undefined {
  if (!allowed[planned.action].includes(now.action)) return `the plan said ${planned.action}, now it is ${now.action}`
  if (planned.action !== 'update' || now.action !== 'update') return undefined
  const named = new Set(planned.fields.map((field) => field.path))
  const more = now.fields.filter((field) => !named.has(field.path)).map((field) => field.path)
  return more.length > 0 ? `the plan did not name ${more.join(', ')}` : undefined
}
