import { same } from '../../plan/change.ts'
import { firstUnknown, isMap, Unknown, type Value, type Values } from '../../plan/unknown.ts'
import { Secret } from '../../secret.ts'
import { failure, type Range } from '../diagnostic.ts'
import { testSignature } from './signatures.ts'
import { applyTest } from './tests.ts'
import { kindOf, lifted, revealed, textOf, truthy } from './text.ts'

export type Filter = (value: Value, args: readonly Value[], named: Values, at: Range) => Value

/** The value as a list; anything else is an error that names the filter. */
export function list(value: Value, what: string, at: Range): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[]
  throw failure('E320', `\`${what}\` needs a list, not ${kindOf(value)}`, {
    at,
    hint: isMap(value) ? 'a map becomes a list with `| dict2items`' : undefined,
  })
}

function map(value: Value, what: string, at: Range): Values {
  if (isMap(value)) return value
  throw failure('E320', `\`${what}\` needs a map, not ${kindOf(value)}`, { at })
}

/** Filters that keep what they are given apart: a secret or unknown member taints nothing but itself. */
export const listFilters: Readonly<Record<string, Filter>> = {
  first: (value, _args, _named, at) => end(value, 0, 'first', at),
  last: (value, _args, _named, at) => end(value, -1, 'last', at),
  length: (value, _args, _named, at) => {
    if (Array.isArray(value)) return value.length
    if (isMap(value)) return Object.keys(value).length
    if (typeof value === 'string') return [...value].length
    if (value instanceof Secret) return value.map((text) => String([...text].length))
    throw failure('E320', `${kindOf(value)} has no length`, { at })
  },
  // most of what Ansible writes it behind (`map`, `select`, …) gives a list here anyhow
  list: (value, _args, _named, at) => {
    if (isMap(value)) return Object.keys(value)
    return typeof value === 'string' ? [...value] : list(value, 'list', at)
  },
  unique: (value, _args, _named, at) => {
    const kept: Value[] = []
    for (const item of list(value, 'unique', at)) if (!kept.some((other) => same(other, item))) kept.push(item)
    return firstUnknown(value) ?? kept
  },
  sort: (value, [reverse, caseSensitive, attribute], _named, at) => {
    const unknown = firstUnknown(value)
    if (unknown) return unknown
    const key = (item: Value): Value => {
      const by = revealed(memberOf(item, attribute, at))
      // as in Jinja
      return typeof by === 'string' && caseSensitive !== true ? by.toLowerCase() : by
    }
    const sorted = list(value, 'sort', at).toSorted((a, b) => order(key(a), key(b), at))
    return reverse === true ? sorted.toReversed() : sorted
  },
  flatten: (value, args, _named, at) => list(value, 'flatten', at).flat((args[0] ?? 20) as 1) as Value,
  select: (value, args, _named, at) => chosen(list(value, 'select', at), (item) => tested(item, args, at), true),
  reject: (value, args, _named, at) => chosen(list(value, 'reject', at), (item) => tested(item, args, at), false),
  selectattr: (value, args, _named, at) =>
    chosen(list(value, 'selectattr', at), (item) => testedMember(item, args, at), true),
  rejectattr: (value, args, _named, at) =>
    chosen(list(value, 'rejectattr', at), (item) => testedMember(item, args, at), false),
  dict2items: (value, args, _named, at) =>
    Object.entries(map(value, 'dict2items', at)).map(([key, item]) => ({
      [textOf(args[0] ?? 'key')]: key,
      [textOf(args[1] ?? 'value')]: item,
    })),
  items2dict: (value, args, _named, at) => {
    const key = textOf(args[0] ?? 'key')
    const member = textOf(args[1] ?? 'value')
    return Object.fromEntries(
      list(value, 'items2dict', at).map((item) => [textOf(pick(item, key, at)), pick(item, member, at)]),
    )
  },
  combine: (value, args, named, at) => {
    const deep = named['recursive'] === true
    const others = args.flatMap((arg) => (Array.isArray(arg) ? (arg as readonly Value[]) : [arg]))
    const unknown = others.find((other) => other instanceof Unknown)
    return (
      unknown ??
      others.reduce<Values>((left, right) => merge(left, map(right, 'combine', at), deep), map(value, 'combine', at))
    )
  },
  ternary: (value, args) => {
    if (value === null && args[2] !== undefined) return args[2]
    return (truthy(value) ? args[0] : args[1]) ?? null
  },
  min: (value, _args, named, at) => extreme(value, 'min', -1, named['attribute'], at),
  max: (value, _args, named, at) => extreme(value, 'max', 1, named['attribute'], at),
  sum: (value, [attribute, start], _named, at) => {
    const items = list(value, 'sum', at).map((item) => memberOf(item, attribute, at))
    return lifted([start ?? 0, ...items], (plain) => {
      if (plain.every((item) => typeof item === 'number')) return plain.reduce((total, item) => total + item, 0)
      throw failure('E320', '`sum` adds numbers', { at })
    })
  },
}

function end(value: Value, index: 0 | -1, what: string, at: Range): Value {
  if (typeof value === 'string') return value.at(index) ?? ''
  const item = list(value, what, at).at(index)
  if (item === undefined)
    throw failure('E311', `\`${what}\` of an empty list`, {
      at,
      hint: 'say what to take then: `| default(…)` before it, or test its length',
    })
  return item
}

/** The member that a dotted path names, undefined where there is none. */
export function attributeOf(item: Value, path: string): Value | undefined {
  let value: Value | undefined = item
  for (const name of path.split('.')) {
    if (value instanceof Unknown) return value
    value =
      isMap(value) && Object.hasOwn(value, name)
        ? value[name]
        : Array.isArray(value)
          ? (value as readonly Value[])[Number(name)]
          : undefined
  }
  return value
}

/** The item itself, or the member that `attribute=` names. */
function memberOf(item: Value, attribute: Value | undefined, at: Range): Value {
  return attribute === undefined || attribute === null ? item : pick(item, textOf(attribute), at)
}

function pick(item: Value, path: string, at: Range): Value {
  const found = attributeOf(item, path)
  if (found === undefined) throw failure('E311', `an item has no member \`${path}\``, { at })
  return found
}

function order(a: Value, b: Value, at: Range): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  throw failure('E320', `${kindOf(a)} and ${kindOf(b)} have no order`, { at })
}

function extreme(value: Value, what: string, sign: 1 | -1, attribute: Value | undefined, at: Range): Value {
  const key = (item: Value): Value => revealed(memberOf(item, attribute, at))
  const unknown = firstUnknown(value)
  if (unknown) return unknown
  const [first, ...rest] = list(value, what, at)
  if (first === undefined) throw failure('E311', `\`${what}\` of an empty list`, { at })
  return rest.reduce((best, item) => (order(key(item), key(best), at) * sign > 0 ? item : best), first)
}

const symbols: Readonly<Record<string, string>> = {
  '==': 'eq',
  equalto: 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}

function tested(item: Value, [name, ...rest]: readonly Value[], at: Range): Value {
  if (name === undefined) return item instanceof Unknown ? item : truthy(item)
  const test = symbols[textOf(name)] ?? textOf(name)
  if (!testSignature(test)) throw failure('E303', `unknown test \`${test}\``, { at })
  return applyTest(test, item, rest, at)
}

function testedMember(item: Value, [path = null, ...rest]: readonly Value[], at: Range): Value {
  const member = item instanceof Unknown ? item : attributeOf(item, textOf(path))
  if (member !== undefined) return tested(member, rest, at)
  return rest.length > 0 && (rest[0] === 'undefined' || rest[0] === 'defined') ? rest[0] === 'undefined' : false
}

/** The items that are to be kept; when that is not known of one, the whole list is not. */
function chosen(items: readonly Value[], test: (item: Value) => Value, keep: boolean): Value {
  const results = items.map(test)
  const unknown = results.find((result) => result instanceof Unknown)
  return unknown ?? items.filter((_, index) => truthy(results[index] as Value) === keep)
}

function merge(left: Values, right: Values, deep: boolean): Values {
  const merged: Record<string, Value> = { ...left }
  for (const [key, value] of Object.entries(right)) {
    const there = merged[key]
    merged[key] = deep && isMap(there) && isMap(value) ? merge(there, value, deep) : value
  }
  return merged
}
