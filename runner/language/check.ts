import { createRequire } from 'node:module'
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import { firstUnknown, hasSecret, isMap, Unknown } from '../plan/unknown.ts'
import { Secret, SecretSource } from '../secret.ts'
import { closest } from './closest.ts'
import type { Diagnostic, Range } from './diagnostic.ts'
import { Template } from './expression/expression.ts'
import { fits } from './fits.ts'

type Path = readonly (string | number)[]

let ajv: Ajv | undefined

/** ajv is loaded by the first value that does not fit: most playbooks are right. */
const newAjv = (options: object): Ajv => {
  const loaded = createRequire(import.meta.url)('ajv') as typeof import('ajv')
  return new loaded.Ajv(options)
}
const compiled = new WeakMap<object, ValidateFunction>()

/**
 * Checks a value against a JSON Schema. What is an expression, not known yet or a source of secrets may turn out to be
 * anything, so no fault is found in it. `locate` gives the range of a member's key or value.
 */
export function checkValues(
  schema: object,
  values: unknown,
  locate: (path: Path, part?: 'key' | 'value') => Range | undefined,
  what = 'this',
): readonly Diagnostic[] {
  if (fits(schema as Readonly<Record<string, unknown>>, values, isOpen)) return []
  const validate = validatorOf(schema)
  if (validate(plain(values))) return []
  const errors = (validate.errors ?? []).filter((error) => {
    const value = at(values, pathOf(error))
    // an alternative may fail only because of what is open inside it
    return !isOpen(value) && !((error.keyword === 'anyOf' || error.keyword === 'oneOf') && hasOpen(value))
  })
  return summed(errors).map((error) => diagnosticOf(error, values, locate, what))
}

function validatorOf(schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  ajv ??= newAjv({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    verbose: true,
    keywords: ['x-reads', 'x-expressions', 'x-ready'],
  })
  const validate = ajv.compile(schema)
  compiled.set(schema, validate)
  return validate
}

/** What ajv can look at: secrets in the open (they are only compared), open values as null. */
function plain(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal()
  if (value instanceof Template || value instanceof Unknown || value instanceof SecretSource) return null
  if (Array.isArray(value)) return value.map(plain)
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value
}

/** Whether nothing can be said of a value yet: it is open, or (for a list or map) has something open in it that decides. */
function isOpen(value: unknown): boolean {
  return value instanceof Template || value instanceof Unknown || value instanceof SecretSource
}

function hasOpen(value: unknown): boolean {
  if (isOpen(value) || firstUnknown(value)) return true
  if (Array.isArray(value)) return value.some(hasOpen)
  return isMap(value) && Object.values(value).some(hasOpen)
}

function pathOf(error: ErrorObject): Path {
  return error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner === null || typeof inner !== 'object' ? undefined : (inner as Record<string | number, unknown>)[key],
    value,
  )
}

/** An alternative that does not fit is one fault, not one for each of its branches. */
function summed(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  return errors.filter((error) => {
    if (error.keyword === 'if') return false
    return !choices.some((choice) => choice !== error && error.schemaPath.startsWith(`${choice.schemaPath}/`))
  })
}

function diagnosticOf(
  error: ErrorObject,
  values: unknown,
  locate: (path: Path, part?: 'key' | 'value') => Range | undefined,
  what: string,
): Diagnostic {
  const path = pathOf(error)
  const params = error.params as Record<string, unknown>
  const name =
    path.length === 0
      ? what
      : `\`${path
          .map((part) => (/^\d+$/.test(String(part)) ? `[${Number(part) + 1}]` : part))
          .join('.')
          .replaceAll('.[', '[')}\``
  const base = (code: `E${number}`, message: string, range: Range | undefined, hint?: string): Diagnostic => ({
    severity: 'error',
    code,
    message,
    ...(range && { at: range }),
    ...(hint !== undefined && { hint }),
  })
  const here = locate(path, 'value')
  if (error.keyword === 'additionalProperties') {
    const extra = String(params['additionalProperty'])
    const known = Object.keys(((error.parentSchema as { properties?: object } | undefined)?.properties ?? {}) as object)
    const near = closest(extra, known)
    return base(
      'E112',
      path.length === 0 ? `unknown argument \`${extra}\` of ${what}` : `unknown member \`${extra}\` of ${name}`,
      locate([...path, extra], 'key'),
      near === undefined ? `there are ${known.join(' ')}` : `did you mean \`${near}\`?`,
    )
  }
  if (error.keyword === 'required') {
    const missing = String(params['missingProperty'])
    return base(
      'E115',
      path.length === 0 ? `${what} needs \`${missing}\`` : `${name} needs \`${missing}\``,
      locate(path, 'key') ?? here,
    )
  }
  const value = at(values, path)
  const given =
    hasSecret(value) || hasOpen(value) || (typeof value === 'object' && value !== null)
      ? ''
      : `, not ${JSON.stringify(value)}`
  if (error.keyword === 'type') return base('E113', `${name} must be ${typeName(params['type'])}${given}`, here)
  if (error.keyword === 'enum') {
    const choices = (params['allowedValues'] as readonly unknown[]).map(String)
    const near = typeof value === 'string' ? closest(value, choices) : undefined
    return base(
      'E114',
      `${name} must be one of ${choices.join(', ')}${given}`,
      here,
      near === undefined ? undefined : `did you mean \`${near}\`?`,
    )
  }
  if (error.keyword === 'anyOf' || error.keyword === 'oneOf')
    return base('E113', `${name} must be ${alternatives(error)}${given}`, here)
  if (error.keyword === 'pattern')
    return base('E116', `${name} is not of the form ${String(params['pattern'])}${given}`, here)
  return base('E116', `${name} ${error.message ?? 'is wrong'}${given}`, here)
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'null',
}

function typeName(type: unknown): string {
  return (Array.isArray(type) ? (type as readonly unknown[]) : String(type).split(','))
    .map((one) => typeNames[String(one)] ?? String(one))
    .join(' or ')
}

function alternatives(error: ErrorObject): string {
  const branches = ((error.parentSchema as Record<string, unknown> | undefined)?.[error.keyword] ?? []) as readonly {
    type?: unknown
    const?: unknown
    enum?: readonly unknown[]
    required?: readonly string[]
  }[]
  const said = branches.map((branch) =>
    branch.const !== undefined
      ? JSON.stringify(branch.const)
      : branch.enum
        ? branch.enum.join(' or ')
        : branch.type === 'object' && branch.required
          ? `a map with ${branch.required.join(', ')}`
          : branch.required
            ? `given with ${branch.required.join(', ')}`
            : typeName(branch.type ?? 'something else'),
  )
  return [...new Set(said)].join(' or ')
}
