import { createHash } from 'node:crypto'
import { Secret } from '../secret.ts'
import { firstUnknown, hasSecret, isMap, printable, type Json } from './unknown.ts'

export type Action = 'none' | 'create' | 'update' | 'replace' | 'delete' | 'run' | 'unknown'
export const actions = ['none', 'create', 'update', 'replace', 'delete', 'run', 'unknown'] as const

/** What a change does to those who use the thing, from harmless to irreparable. `window`: its outage comes in the maintenance window. */
export const disruptions = ['none', 'rolling', 'window', 'restart', 'failover', 'replace', 'data_loss'] as const
export type Disruption = (typeof disruptions)[number]

/** What changing an argument of something that is there does, and how many seconds it usually takes. */
export interface Update {
  readonly disruption: Disruption
  readonly usual: number
}

export interface Field {
  /** Dotted path of the argument: `max_size`, `health_check.path`, `ingress`. */
  readonly path: string
  readonly before?: Json
  readonly after?: Json
  /** False: `after` exists only once something else was done. */
  readonly known: boolean
  readonly sensitive?: true
  readonly forces?: 'replace'
  readonly disruption?: Disruption
  /** Seconds that changing it usually takes, where that is long. */
  readonly usual?: number
}

/** The difference between what is wanted and what is there. Pure data. */
export interface Change {
  readonly action: Action
  readonly fields: readonly Field[]
  /** One sentence for people, where the fields don't say it. */
  readonly why?: string
  /** `why` is of interest though nothing is to change: it is shown as a warning. */
  readonly warns?: true
}

export const nothing: Change = { action: 'none', fields: [] }

export interface CompareOptions {
  /** Paths (top level) whose change cannot be made in place. */
  readonly replace?: readonly string[]
  /** Paths compared as sets: order does not count. */
  readonly sets?: readonly string[]
  readonly disruption?: Readonly<Record<string, Disruption>>
}

/**
 * Compares wanted values with those that are there, a top-level path at a time. A wanted value of `undefined` is not
 * managed: no drift. Unknown wanted values become fields with `known: false`; secrets are compared but never shown.
 *
 * `have` undefined means that nothing is there: the action is `create`. Otherwise `none`; `update` (`replace` where a path
 * of `options.replace` differs); or `unknown` when all that might differ is not known yet.
 */
export function compare(
  want: Readonly<Record<string, unknown>>,
  have: Readonly<Record<string, unknown>> | undefined,
  options: CompareOptions = {},
): Change {
  const fields: Field[] = []
  for (const [path, wanted] of Object.entries(want)) {
    if (wanted === undefined) continue
    const field = compareField(path, wanted, have === undefined ? undefined : have[path], have !== undefined, options)
    if (field) fields.push(field)
  }
  if (have === undefined) return { action: 'create', fields }
  if (fields.length === 0) return nothing
  const certain = fields.filter((field) => field.known)
  if (certain.some((field) => field.forces === 'replace')) return { action: 'replace', fields }
  return { action: certain.length > 0 ? 'update' : 'unknown', fields }
}

function compareField(
  path: string,
  wanted: unknown,
  there: unknown,
  exists: boolean,
  options: CompareOptions,
): Field | undefined {
  const known = firstUnknown(wanted) === undefined
  const asSet = options.sets?.includes(path) ?? false
  if (known && exists && same(wanted, there, asSet)) return undefined
  const sensitive = hasSecret(wanted) || hasSecret(there)
  return {
    path,
    // what stands where a secret is to be is most likely the last one
    ...(exists && there !== undefined && { before: sensitive ? '[secret]' : printable(there) }),
    // a list or map of which only a leaf is unknown is still shown, with that leaf labelled
    ...((known || Array.isArray(wanted) || isMap(wanted)) && { after: printable(wanted) }),
    known,
    ...(sensitive && { sensitive: true as const }),
    ...(exists && options.replace?.includes(path) && { forces: 'replace' as const }),
    ...(exists && options.disruption?.[path] && { disruption: options.disruption[path] }),
  }
}

/** Deep equality of values; secrets by their text; `null` and absence are the same. */
export function same(a: unknown, b: unknown, asSet = false): boolean {
  return canonical(a, asSet) === canonical(b, asSet)
}

/** A text that is the same for equal values: keys sorted, absent members left out, secrets as digests. */
export function canonical(value: unknown, asSet = false): string {
  if (value === undefined || value === null) return 'null'
  if (value instanceof Secret) return JSON.stringify(value.reveal())
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item))
    return `[${(asSet ? items.sort() : items).join(',')}]`
  }
  if (isMap(value)) {
    const members = Object.entries(value).filter(([, item]) => item !== undefined && item !== null)
    members.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** SHA-256 of a value's canonical text, in hexadecimal. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

/** Shorter than this is no news. */
const long = 30

/** The change with what is known of its fields: what they do to users and how long they take. Of what is created there are none. */
export function withUpdates(change: Change, updates: Readonly<Record<string, Update | string>>): Change {
  const fields = change.fields.map((field) => {
    const update = Object.hasOwn(updates, field.path) ? updates[field.path] : undefined
    if (update === undefined || typeof update === 'string') return field
    const { disruption, usual } = update
    // what the comparison itself knows better stays
    return { ...(disruption !== 'none' && { disruption }), ...field, ...(usual >= long && { usual }) }
  })
  return change.action === 'create' || change.fields.length === 0 ? change : { ...change, fields }
}
