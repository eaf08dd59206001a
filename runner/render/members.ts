import type { Field } from '../plan/change.ts'
import { canonical } from '../plan/change.ts'
import type { Json } from '../plan/unknown.ts'
import { escapeLine } from './escape.ts'
import { beforeOf, flow, isJsonList, isJsonMap, masked, type JsonMap } from './value.ts'

/** One line of what changes inside a field. Both sides are on one line and harmless, but as long as they are. */
export interface Member {
  /** `set`: there is no before to speak of, the thing is new. */
  readonly kind: 'set' | 'added' | 'removed' | 'changed'
  /** Inside the field: `health.path`, `[2].port`; empty for the field itself and for items of a list that it is. */
  readonly path: string
  readonly before?: string
  readonly after?: string
  /** Where one of the sides has several lines: both, as they are. */
  readonly texts?: readonly [string, string]
}

/** What changes in a field, a line for each member that differs; equal ones are left out. */
export function membersOf(field: Field, creates: boolean): readonly Member[] {
  const before = beforeOf(field)
  const after = field.after ?? (field.known ? field.after : '(known after apply)')
  if (before === undefined && creates) return [leaf('set', '', undefined, after)]
  const members = changed('', before, after)
  // the same members in another order, or values that only the module can tell apart
  if (members.length === 0) return [leaf('changed', '', before, after)]
  // both sides of a secret look the same: which of several things differs cannot be said
  const perhaps = ({ before: old, after: now }: Member): boolean => old === '[secret]' && now === '[secret]'
  if (members.length === 1) return members
  return members.map((member) => (perhaps(member) ? secretPerhaps(member) : member))
}

function secretPerhaps({ kind, path }: Member): Member {
  return { kind, path, after: '[secret] (perhaps)' }
}

/** The members of a list or a map which does not fit on one line; nothing for other values. */
export function membersIn(value: Json | undefined): readonly Member[] {
  if (isJsonList(value)) return value.map((item) => leaf('set', '·', undefined, item))
  return isJsonMap(value) ? Object.entries(value).map(([key, item]) => leaf('set', key, undefined, item)) : []
}

function leaf(kind: Member['kind'], path: string, before: Json | undefined, after: Json | undefined): Member {
  const long = (side: Json | undefined): boolean => typeof side === 'string' && side.trimEnd().includes('\n')
  const texts = long(before) || long(after)
  const side = (value: Json | undefined): string => (long(value) ? countLines(value as string) : flow(value))
  return {
    kind,
    path: escapeLine(path),
    ...(kind !== 'added' && kind !== 'set' && { before: side(before) }),
    ...(kind !== 'removed' && { after: side(after) }),
    ...(texts && { texts: [textOf(before), textOf(after)] as const }),
  }
}

function textOf(side: Json | undefined): string {
  return typeof side === 'string' && side !== masked ? side : side === undefined ? '' : flow(side)
}

function countLines(text: string): string {
  const count = text.replace(/\n$/, '').split('\n').length
  return `(${count} line${count === 1 ? '' : 's'})`
}

function changed(path: string, before: Json | undefined, after: Json | undefined): readonly Member[] {
  if (before !== undefined && after !== undefined && canonical(before) === canonical(after)) return []
  if (isJsonMap(before) && isJsonMap(after)) return mapChanges(path, before, after)
  if (isJsonList(before) && isJsonList(after)) return listChanges(path, before, after)
  if (path !== '' && (before === undefined || before === null)) return [leaf('added', path, undefined, after)]
  if (path !== '' && (after === undefined || after === null)) return [leaf('removed', path, before, undefined)]
  return [leaf('changed', path, before, after)]
}

function mapChanges(path: string, before: JsonMap, after: JsonMap): readonly Member[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key) => {
    const [old, now] = [before[key] ?? undefined, after[key] ?? undefined]
    if (old === undefined && now === undefined) return []
    return changed(path === '' ? key : `${path}.${key}`, old, now)
  })
}

/** Lists are compared as bags, since most of AWS's lists are sets; maps that have much in common are taken to be one, changed. */
function listChanges(path: string, before: readonly Json[], after: readonly Json[]): readonly Member[] {
  const [gone, come] = [without(before, after), without(after, before)]
  const inner: Member[] = []
  const left = gone.filter(({ item: old }) => {
    const at = closest(old, come)
    const now = come[at]
    if (!now) return true
    come.splice(at, 1)
    inner.push(...changed(`${path}[${now.index}]`, old, now.item))
    return false
  })
  return [
    ...inner,
    ...left.map(({ item }) => leaf('removed', path, item, undefined)),
    ...come.map(({ item }) => leaf('added', path, undefined, item)),
  ]
}

interface Item {
  readonly item: Json
  readonly index: number
}

function without(list: readonly Json[], others: readonly Json[]): Item[] {
  const left = new Map<string, number>()
  for (const other of others) left.set(canonical(other), (left.get(canonical(other)) ?? 0) + 1)
  return list.flatMap((item, index) => {
    const count = left.get(canonical(item)) ?? 0
    left.set(canonical(item), count - 1)
    return count > 0 ? [] : [{ item, index }]
  })
}

/** Which of the items has at least half of its members in common with a map; -1 when none has. */
function closest(old: Json, items: readonly Item[]): number {
  if (!isJsonMap(old)) return -1
  let best = -1
  let most = 0
  for (const [at, { item }] of items.entries()) {
    if (!isJsonMap(item)) continue
    const keys = new Set([...Object.keys(old), ...Object.keys(item)])
    const equal = [...keys].filter((key) => canonical(old[key]) === canonical(item[key])).length
    if (equal * 2 >= keys.size && equal > most) {
      best = at
      most = equal
    }
  }
  return best
}
