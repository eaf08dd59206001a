import { createRequire } from 'node:module'
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import { firstUnknown, isMap, Unknown } from '../plan/unknown.ts'
import { Secret, SecretSource } from '../secret.ts'
import type { Diagnostic } from './diagnostic.ts'
import { Template } from './expression/expression.ts'
import { bytesOf, fits } from './fits.ts'
import { faultOf, memberAt, pathOf, type Fault, type Locator } from './schema-fault.ts'

let ajv: Ajv | undefined

/** ajv is loaded by the first value that does not fit: most playbooks are right. */
const newAjv = (options: object): Ajv => {
  const loaded = createRequire(import.meta.url)('ajv') as typeof import('ajv')
  return new loaded.Ajv(options)
}
const compiled = new WeakMap<object, ValidateFunction>()

/**
 * Checks a value against a JSON Schema. What is an expression, not known yet or a source of secrets may turn out to be
 * anything, so no fault is found in it. `computed`: expressions in it have been evaluated. `locate` gives the range of a member's key or value.
 */
export function checkValues(
  schema: object,
  values: unknown,
  locate: Locator,
  what = 'this',
  computed = false,
): readonly Diagnostic[] {
  if (fits(schema as Readonly<Record<string, unknown>>, values, isOpen)) return []
  const validate = validatorOf(schema)
  if (validate(plain(values))) return []
  const errors = (validate.errors ?? []).filter((error) => {
    const value = memberAt(values, pathOf(error))
    // an alternative may fail only because of what is open inside it
    return !isOpen(value) && !((error.keyword === 'anyOf' || error.keyword === 'oneOf') && hasOpen(value))
  })
  return withoutFollowing(summed(errors).map((error) => faultOf(error, values, locate, what, computed)))
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
    keywords: [
      'x-reads',
      'x-expressions',
      'x-ready',
      'x-main',
      'x-argv',
      {
        keyword: 'x-bytes',
        type: 'string',
        schemaType: 'number',
        validate: (most: number, text: string) => bytesOf(text) <= most,
      },
    ],
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

/** Whether nothing can be said of a value yet. */
function isOpen(value: unknown): boolean {
  return value instanceof Template || value instanceof Unknown || value instanceof SecretSource
}

function hasOpen(value: unknown): boolean {
  if (isOpen(value) || firstUnknown(value)) return true
  if (Array.isArray(value)) return value.some(hasOpen)
  return isMap(value) && Object.values(value).some(hasOpen)
}

/** An alternative that does not fit is one fault, not one for each of its branches. */
function summed(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  return errors.filter((error) => {
    if (error.keyword === 'if') return false
    return !choices.some((choice) => choice !== error && error.schemaPath.startsWith(`${choice.schemaPath}/`))
  })
}

/** An argument that is missing because its name was misspelt is one fault. */
function withoutFollowing(faults: readonly Fault[]): readonly Diagnostic[] {
  const meant = faults.flatMap((fault) => (fault.meant === undefined ? [] : [fault.meant]))
  return faults
    .filter((fault) => !fault.missing?.some((name) => meant.includes(name)))
    .map(({ diagnostic }) => diagnostic)
}
