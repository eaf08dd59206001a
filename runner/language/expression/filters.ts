import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { Unknown, type Value, type Values } from '../../plan/unknown.ts'
import { failure, type Range } from '../diagnostic.ts'
import { attributeOf, list, listFilters, type Filter } from './list-filters.ts'
import { compilePattern } from './pattern.ts'
import { kindOf, lifted, textOf, truthy } from './text.ts'

/** Applies a filter. `value` undefined: the thing is not defined, which only `default` accepts. */
export function applyFilter(
  name: string,
  value: Value | undefined,
  args: readonly Value[],
  named: Values,
  at: Range,
): Value {
  if (name === 'default') return defaulted(value, args)
  if (value === undefined) throw failure('E310', 'this is not defined', { at })
  if (name === 'mandatory') return value
  const structural = name === 'map' ? mapped : listFilters[name]
  if (structural) return value instanceof Unknown ? value : structural(value, args, named, at)
  const plain = plainFilters[name]
  if (!plain) throw failure('E302', `unknown filter \`${name}\``, { at })
  return lifted([value, ...args, ...Object.values(named)], (values) => {
    const count = args.length + 1
    const keys = Object.keys(named)
    return plain(
      values[0] as Value,
      values.slice(1, count),
      Object.fromEntries(keys.map((key, index) => [key, values[count + index] as Value])),
      at,
    )
  })
}

function defaulted(value: Value | undefined, args: readonly Value[]): Value {
  const otherwise = args[0] ?? null
  const alsoEmpty = args[1] ?? false
  if (value === undefined) return otherwise
  return alsoEmpty === true && !(value instanceof Unknown) && !truthy(value) ? otherwise : value
}

/** `map('upper')` applies a filter to each item, `map(attribute='a.b')` takes a member of each. */
function mapped(value: Value, args: readonly Value[], named: Values, at: Range): Value {
  const attribute = named['attribute']
  const [name, ...rest] = args
  return list(value, 'map', at).map((item) => {
    if (attribute === undefined) {
      if (typeof name === 'string') return applyFilter(name, item, rest, {}, at)
      throw failure('E304', '`map` takes a filter’s name or attribute=', { at })
    }
    const found = item instanceof Unknown ? item : (attributeOf(item, textOf(attribute)) ?? named['default'])
    if (found !== undefined) return found
    throw failure('E311', `an item has no member \`${textOf(attribute)}\``, { at })
  })
}

function text(value: Value, what: string, at: Range): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw failure('E320', `\`${what}\` needs a text, not ${kindOf(value)}`, { at })
}

/** Filters that compute with plain values; secrets in them make the result secret. */
const plainFilters: Readonly<Record<string, Filter>> = {
  bool: (value, _args, _named, at) => {
    if (typeof value === 'boolean') return value
    const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : ''
    if (['true', 'yes', 'on', '1', 'y', 't'].includes(word)) return true
    if (['false', 'no', 'off', '0', 'n', 'f', ''].includes(word)) return false
    throw failure('E320', `\`bool\` does not understand ${kindOf(value)}`, {
      at,
      hint: 'true yes on 1, false no off 0',
    })
  },
  int: (value, args, _named, at) => whole(value, args, at),
  float: (value, args, _named, at) => {
    const number = typeof value === 'boolean' ? Number(value) : Number.parseFloat(textOf(value))
    if (Number.isFinite(number)) return number
    if (args[0] !== undefined) return args[0]
    throw failure('E320', `\`float\` does not understand ${JSON.stringify(value)}`, { at })
  },
  string: (value) => textOf(value),
  upper: (value, _args, _named, at) => text(value, 'upper', at).toUpperCase(),
  lower: (value, _args, _named, at) => text(value, 'lower', at).toLowerCase(),
  trim: (value, args, _named, at) => trimmed(text(value, 'trim', at), args[0]),
  replace: (value, args, _named, at) =>
    text(value, 'replace', at).replaceAll(text(args[0] ?? null, 'replace', at), () =>
      text(args[1] ?? null, 'replace', at),
    ),
  split: (value, args, _named, at) => {
    const whole = text(value, 'split', at)
    return args[0] === undefined ? whole.trim().split(/\s+/).filter(Boolean) : whole.split(text(args[0], 'split', at))
  },
  to_json: (value, args) => JSON.stringify(value, undefined, indentOf(args)),
  from_json: (value, _args, _named, at) => {
    try {
      return JSON.parse(text(value, 'from_json', at)) as Value
    } catch (cause) {
      // the text is not repeated: it may hold what should not be shown
      throw failure('E320', 'this text is not JSON', { at, cause })
    }
  },
  to_yaml: (value, args) => stringify(value, { indent: Math.max(1, indentOf(args) ?? 2) }),
  b64encode: (value, _args, _named, at) => Buffer.from(text(value, 'b64encode', at)).toString('base64'),
  b64decode: (value, _args, _named, at) => Buffer.from(text(value, 'b64decode', at), 'base64').toString('utf8'),
  hash: (value, args, _named, at) => {
    const algorithm = String(args[0] ?? 'sha256')
    if (!['sha256', 'sha512', 'sha1', 'md5'].includes(algorithm))
      throw failure('E320', `\`hash\` knows sha256, sha512, sha1 and md5, not ${algorithm}`, { at })
    return createHash(algorithm)
      .update(text(value, 'hash', at))
      .digest('hex')
  },
  basename: (value, _args, _named, at) => text(value, 'basename', at).replace(/^.*\//s, ''),
  dirname: (value, _args, _named, at) => {
    const path = text(value, 'dirname', at)
    const cut = path.lastIndexOf('/')
    return cut < 0 ? '' : cut === 0 ? '/' : path.slice(0, cut)
  },
  regex_replace: (value, args, _named, at) => {
    // \1 is Python's way to write $1; a dollar sign means itself
    const replacement = text(args[1] ?? null, 'regex_replace', at)
      .replaceAll('$', '$$$$')
      .replaceAll(/\\(\d)/g, '$$$1')
    const flags = `g${args[2] === true ? 'i' : ''}${args[3] === true ? 'm' : ''}`
    return text(value, 'regex_replace', at).replaceAll(
      compilePattern(text(args[0] ?? null, 'regex_replace', at), flags, at),
      replacement,
    )
  },
  quote: (value, _args, _named, at) => {
    const word = text(value, 'quote', at)
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`
  },
  join: (value, args, _named, at) => {
    const attribute = args[1] ?? null
    const items = list(value, 'join', at).map((item) =>
      attribute === null ? item : (attributeOf(item, textOf(attribute)) ?? null),
    )
    return items.map(textOf).join(textOf(args[0] ?? ''))
  },
}

function indentOf([indent]: readonly Value[]): number | undefined {
  return typeof indent === 'number' ? indent : undefined
}

/** Without white space at both ends, or without the given characters. */
function trimmed(whole: string, characters: Value | undefined): string {
  if (typeof characters !== 'string') return whole.trim()
  const letters = [...whole]
  const kept = (letter: string): boolean => !characters.includes(letter)
  return letters.slice(Math.max(0, letters.findIndex(kept)), letters.findLastIndex(kept) + 1).join('')
}

function whole(value: Value, args: readonly Value[], at: Range): Value {
  if (typeof value === 'boolean') return Number(value)
  const base = typeof args[1] === 'number' ? args[1] : 10
  const source = textOf(value).trim()
  const number =
    typeof value === 'number'
      ? Math.trunc(value)
      : base === 10 && /^[-+]?\d+(\.\d*)?$/.test(source)
        ? Math.trunc(Number(source))
        : base === 10
          ? Number.NaN
          : Number.parseInt(source, base)
  if (Number.isSafeInteger(number)) return number
  if (args[0] !== undefined && (args[0] !== null || args.length === 1)) return args[0]
  throw failure('E320', `\`int\` does not understand ${JSON.stringify(value)}`, {
    at,
    hint: 'give a default: `| int(0)`',
  })
}
