import type { ErrorObject } from 'ajv'
import { hasSecret, isMap } from '../plan/unknown.ts'
import { closest } from './closest.ts'
import type { Diagnostic, Range } from './diagnostic.ts'
import { bytesOf } from './fits.ts'
import { alternatives, bound, typeName } from './schema-words.ts'

export type Path = readonly (string | number)[]
export type Locator = (path: Path, part?: 'key' | 'value') => Range | undefined

/** One fault of a value: what is said of it, and what else it explains. */
export interface Fault {
  readonly diagnostic: Diagnostic
  /** Path of the member that was meant by an unknown one. */
  readonly meant?: string
  /** Paths of members one of which is missing. */
  readonly missing?: readonly string[]
}

export function pathOf(error: ErrorObject): Path {
  return error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function memberAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner === null || typeof inner !== 'object' ? undefined : (inner as Record<string | number, unknown>)[key],
    value,
  )
}

/** What the schema's checker found, in words that name the mend. */
export function faultOf(error: ErrorObject, values: unknown, locate: Locator, what: string, computed: boolean): Fault {
  const path = pathOf(error)
  const value = memberAt(values, path)
  const whole = path.length === 0
  const name = whole ? what : `\`${shownPath(path)}\``
  const fault = (code: `E${number}`, message: string, at: Range | undefined, hint?: string): Diagnostic => ({
    severity: 'error',
    code,
    message,
    ...(at && { at }),
    ...(hint !== undefined && { hint }),
  })
  const inner = (member: string): string => [...path, member].join('/')
  const params = error.params as Readonly<Record<string, unknown>>
  const schema = (error.parentSchema ?? {}) as Schema
  if (error.keyword === 'additionalProperties') {
    const extra = String(params['additionalProperty'])
    const known = Object.keys(schema.properties ?? {})
    const near = closest(extra, known)
    const diagnostic = fault(
      'E112',
      whole ? `unknown argument \`${extra}\` of ${what}` : `unknown member \`${extra}\` of ${name}`,
      locate([...path, extra], 'key'),
      near === undefined ? `there are ${known.join(' ')}` : `did you mean \`${near}\`?`,
    )
    return { diagnostic, ...(near !== undefined && { meant: inner(near) }) }
  }
  const missing =
    error.keyword === 'required' ? [String(params['missingProperty'])] : isMap(value) ? anyRequired(error) : undefined
  if (missing)
    return {
      diagnostic: fault(
        'E115',
        `${name} needs ${missing.map((one) => `\`${one}\``).join(' or ')}`,
        locate(path, 'key') ?? locate(path, 'value'),
        described(schema, missing),
      ),
      missing: missing.map(inner),
    }
  const exclusive = isMap(value) ? excluding(error) : undefined
  if (exclusive) {
    const both = exclusive.filter((member) => Object.hasOwn(value as object, member))
    return {
      diagnostic: fault(
        'E116',
        `${name} takes only one of ${exclusive.map((one) => `\`${one}\``).join(', ')}`,
        locate([...path, both.at(-1) ?? ''], 'key'),
        `remove ${both.slice(0, -1).join(' and ')} or ${both.at(-1)}`,
      ),
    }
  }
  return { diagnostic: ofValue(error, value, name, locate(path, 'value'), fault, computed) }
}

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>
  readonly description?: string
  readonly type?: unknown
}

type MakeFault = (code: `E${number}`, message: string, at: Range | undefined, hint?: string) => Diagnostic

function ofValue(
  error: ErrorObject,
  value: unknown,
  name: string,
  at: Range | undefined,
  fault: MakeFault,
  computed: boolean,
): Diagnostic {
  const params = error.params as Readonly<Record<string, unknown>>
  const { description } = (error.parentSchema ?? {}) as Schema
  const plain = typeof value !== 'object' && !hasSecret(value)
  const given = plain
    ? `, not ${JSON.stringify(value)}`
    : Array.isArray(value)
      ? ', not a list'
      : isMap(value)
        ? ', not a map'
        : ''
  if (error.keyword === 'type')
    return fault(
      'E113',
      `${name} must be ${typeName(params['type'])}${given}`,
      at,
      asWanted(params['type'], value, computed) ?? description,
    )
  if (error.keyword === 'enum') {
    const choices = (params['allowedValues'] as readonly unknown[]).map(String)
    const near = typeof value === 'string' ? closest(value, choices) : undefined
    return fault(
      'E114',
      `${name} must be one of ${choices.join(', ')}${given}`,
      at,
      near === undefined ? description : `did you mean \`${near}\`?`,
    )
  }
  if (error.keyword === 'anyOf' || error.keyword === 'oneOf')
    return fault('E113', `${name} must be ${alternatives(error)}${given}`, at, description)
  if (error.keyword === 'pattern')
    return fault('E116', `${name} is not of the form ${String(params['pattern'])}${given}`, at, description)
  if (error.keyword === 'x-bytes') {
    const has = typeof value === 'string' ? `, not ${bytesOf(value)}` : ''
    return fault('E116', `${name} takes at most ${String(error.schema)} bytes${has}`, at, description)
  }
  return fault('E116', `${name} ${bound(error)}${given}`, at, description)
}

/** The same value as it would be right, where that is plain; for a computed one the filter that makes it so. */
function asWanted(type: unknown, value: unknown, computed: boolean): string | undefined {
  const wants = (one: string): boolean => (Array.isArray(type) ? type.includes(one) : type === one)
  const write = (plain: string, filter: string): string => (computed ? `convert it with \`| ${filter}\`` : plain)
  if (wants('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return write(`write "${value}"`, 'string')
  if (wants('array') && (typeof value === 'string' || typeof value === 'number'))
    return computed ? 'put it into a list: `{{ [value] }}`' : `write [${value}]`
  if (typeof value !== 'string') return undefined
  if ((wants('integer') && /^-?\d+$/.test(value)) || (wants('number') && /^-?\d+(\.\d+)?$/.test(value)))
    return write(`write ${value}, without quotes`, wants('integer') ? 'int' : 'float')
  return wants('boolean') && /^(true|false)$/.test(value) ? write(`write ${value}, without quotes`, 'bool') : undefined
}

interface Required {
  readonly required?: readonly string[]
}

/** Members of which one must be there, and none is. */
function anyRequired(error: ErrorObject): readonly string[] | undefined {
  const tooMany = (error.params as { readonly passingSchemas?: unknown }).passingSchemas
  return tooMany === undefined || tooMany === null ? requiredIn(error) : undefined
}

/** Members of which only one may be there, and more are. */
function excluding(error: ErrorObject): readonly string[] | undefined {
  if (error.keyword === 'oneOf') return requiredIn(error)
  return error.keyword === 'not' ? (error.schema as Required).required : undefined
}

/** The members of alternatives that ask for one each, and for nothing else. */
function requiredIn(error: ErrorObject): readonly string[] | undefined {
  if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') return undefined
  const branches = (error.schema ?? []) as readonly Required[]
  const plain = branches.every((branch) => branch.required?.length === 1 && Object.keys(branch).length === 1)
  return plain ? branches.flatMap((branch) => branch.required ?? []) : undefined
}

function described({ properties }: Schema, names: readonly string[]): string | undefined {
  const [only] = names
  return names.length === 1 && only !== undefined ? properties?.[only]?.description : undefined
}

function shownPath(path: Path): string {
  return path
    .map((part) => (/^\d+$/.test(String(part)) ? `[${Number(part) + 1}]` : part))
    .join('.')
    .replaceAll('.[', '[')
}
