import { SecretSource } from '../secret.ts'
import { insteadOfKey } from './ansible.ts'
import { closest } from './closest.ts'
import type { Diagnostic, Range } from './diagnostic.ts'
import { Template, type Expression } from './expression/expression.ts'
import { parseExpression } from './expression/parse.ts'
import type { KeySpec, KeyTable } from './keys.ts'
import type { Source, SourceMap } from './program.ts'
import type { Ranges } from './source.ts'

/** Collects faults while a file is turned into a program. */
export interface Reading {
  readonly ranges: Ranges
  readonly diagnostics: Diagnostic[]
  fault(code: `E${number}`, message: string, at: Range | undefined, hint?: string): void
  warn(code: `W${number}`, message: string, at: Range | undefined, hint?: string): void
}

export function makeReading(ranges: Ranges): Reading {
  const diagnostics: Diagnostic[] = []
  const add = (
    severity: Diagnostic['severity'],
    code: Diagnostic['code'],
    message: string,
    at?: Range,
    hint?: string,
  ): void => {
    diagnostics.push({ severity, code, message, ...(at && { at }), ...(hint !== undefined && { hint }) })
  }
  return {
    ranges,
    diagnostics,
    fault: (code, message, at, hint) => add('error', code, message, at, hint),
    warn: (code, message, at, hint) => add('warning', code, message, at, hint),
  }
}

export function isSourceMap(value: Source | undefined): value is SourceMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Template) &&
    !(value instanceof SecretSource)
  )
}

export function keyRange(reading: Reading, map: object, key: string | number): Range | undefined {
  const located = reading.ranges.get(map)
  return located?.keys.get(key) ?? located?.self
}

export function valueRange(reading: Reading, map: object, key: string | number): Range | undefined {
  const located = reading.ranges.get(map)
  return located?.values.get(key) ?? located?.keys.get(key) ?? located?.self
}

/** Says which keys of a map are not in its table, but for those `known` otherwise. */
export function checkKeys(reading: Reading, map: SourceMap, table: KeyTable, what: string): void {
  for (const [key, value] of Object.entries(map)) {
    const spec = Object.hasOwn(table, key) ? table[key] : undefined
    if (!spec) {
      const near = closest(key, Object.keys(table))
      reading.fault(
        'E110',
        `unknown key \`${key}\` of ${what}`,
        keyRange(reading, map, key),
        insteadOfKey(key) ??
          (near !== undefined
            ? `did you mean \`${near}\`?`
            : `${'address' in table ? 'a variable stands below `vars:`; ' : ''}${what} knows ${Object.keys(table).join(' ')}`),
      )
    } else if (!fits(value as Source, spec)) {
      const at = valueRange(reading, map, key)
      reading.fault('E120', `\`${key}\` of ${what} must be ${wanted(spec)}`, at, mendOf(value as Source, spec))
    } else if (spec.keys && isSourceMap(value as Source))
      checkKeys(reading, value as SourceMap, spec.keys, `\`${key}\``)
  }
}

function mendOf(value: Source, spec: KeySpec): string | undefined {
  if (value instanceof Template) return spec.open ? undefined : 'an expression cannot stand here'
  if (spec.kind === 'number' && typeof value === 'string' && /^\d+$/.test(value))
    return `write ${value}, without quotes`
  if (spec.kind === 'text' && (typeof value === 'number' || typeof value === 'boolean')) return `write "${value}"`
  return undefined
}

const names: Record<KeySpec['kind'], string> = {
  text: 'a text',
  texts: 'a text or a list of texts',
  boolean: 'true or false',
  number: 'a number of at least 0',
  map: 'a map',
  list: 'a list',
  expression: 'an expression',
  expressions: 'an expression or a list of expressions',
  sizes: 'a number, a percentage or a list of these',
  loop: 'a list, or an expression that gives one',
  any: 'a value',
}

function wanted(spec: KeySpec): string {
  return spec.choices ? spec.choices.join(' or ') : names[spec.kind]
}

function fits(value: Source, spec: KeySpec): boolean {
  if (value instanceof Template) return spec.open === true || spec.kind === 'expression' || spec.kind === 'expressions'
  const { kind } = spec
  if (kind === 'any') return true
  if (kind === 'text') return typeof value === 'string' && (!spec.choices || spec.choices.includes(value))
  if (kind === 'texts')
    return (
      typeof value === 'string' ||
      (Array.isArray(value) &&
        value.every((item) => typeof item === 'string' || (spec.open && item instanceof Template)))
    )
  if (kind === 'boolean') return typeof value === 'boolean'
  if (kind === 'number') return typeof value === 'number' && value >= 0
  if (kind === 'map') return isSourceMap(value)
  if (kind === 'loop') return Array.isArray(value)
  if (kind === 'list') return Array.isArray(value) || value === null
  if (kind === 'sizes')
    return (Array.isArray(value) ? value : [value]).every(
      (size) => (typeof size === 'number' && size >= 1) || (typeof size === 'string' && /^\d+%$/.test(size)),
    )
  if (kind === 'expression') return typeof value === 'string' || typeof value === 'boolean'
  return (
    ['string', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) &&
      value.every((item) => ['string', 'boolean'].includes(typeof item) || item instanceof Template))
  )
}

export function textIn(map: SourceMap, key: string): string | undefined {
  const value = map[key]
  return typeof value === 'string' ? value : undefined
}

export function textsIn(map: SourceMap, key: string): readonly string[] {
  const value = map[key]
  if (typeof value === 'string')
    return value
      .split(',')
      .map((text) => text.trim())
      .filter(Boolean)
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

/** Names that may hold commas: handlers, tasks. */
export function namesIn(map: SourceMap, key: string): readonly string[] {
  const value = map[key]
  return typeof value === 'string' ? [value] : textsIn(map, key)
}

export function mapIn(map: SourceMap, key: string): SourceMap {
  const value = map[key]
  return isSourceMap(value) ? value : {}
}

/** The bare expressions of a key, parsed. */
export function expressionsIn(reading: Reading, map: SourceMap, key: string): readonly Expression[] {
  const value = map[key]
  if (value === undefined) return []
  if (!Array.isArray(value)) return expressionOf(reading, value as Source, valueRange(reading, map, key))
  const list = value as readonly Source[]
  return list.flatMap((item, index) => expressionOf(reading, item, valueRange(reading, list, index)))
}

function expressionOf(reading: Reading, value: Source, at: Range | undefined): readonly Expression[] {
  const text = value instanceof Template ? value.text : typeof value === 'boolean' ? String(value) : value
  if (typeof text !== 'string' || !at) return []
  const { expression, diagnostics } = parseExpression(text, at)
  reading.diagnostics.push(...diagnostics)
  return expression ? [expression] : []
}
