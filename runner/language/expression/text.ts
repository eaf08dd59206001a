import { Secret, SecretSource } from '../../secret.ts'
import { Failure } from '../diagnostic.ts'
import { awaited, firstUnknown, hasSecret, isMap, Unknown, type Value } from '../../plan/unknown.ts'

/** A value as text, as it stands in the middle of other text: null is empty, lists and maps are JSON. Known values only. */
export function textOf(value: Value): string {
  if (value === null) return ''
  if (value instanceof Secret) return value.reveal()
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(revealed(value)) : String(value)
}

/** The value with its secrets in the open: only to compute with, what comes out is made secret again. */
export function revealed(value: Value): Value {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealed)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]))
  return value
}

/** Makes every text (and number) inside a value secret. */
export function tainted(value: Value): Value {
  if (typeof value === 'string') return new Secret(value)
  if (typeof value === 'number') return new Secret(String(value))
  if (Array.isArray(value)) return value.map(tainted)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tainted(item)]))
  return value
}

/** Computes with plain values: unknown in, unknown out; secret in, secret out. */
export function lifted(values: readonly Value[], compute: (plain: readonly Value[]) => Value): Value {
  const unknown = firstUnknown(values)
  const secret = hasSecret(values)
  if (unknown) return new Unknown(unknown.why, secret || unknown.secret, false, awaited(values))
  return secret ? tainted(unsaid(() => compute(values.map(revealed)))) : compute(values)
}

/** Computes with secrets in the open: what it fails of would show them, so only the place is kept. */
export function unsaid<T>(compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(
      error.diagnostics.map(({ severity, code, at }) => ({
        severity,
        code,
        message: 'this cannot be computed with a secret of that form, which is not shown',
        ...(at && { at }),
      })),
    )
  }
}

/** What counts as true where a value is tested: as in Python, empty things and zero do not. */
export function truthy(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === '') return false
  if (value instanceof Secret) return value.reveal() !== ''
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) ? Object.keys(value).length > 0 : true
}

/** What a value is, for people. */
export function kindOf(value: Value): string {
  if (value === null) return 'null'
  if (value instanceof Secret || value instanceof SecretSource) return 'a secret'
  if (value instanceof Unknown) return 'a value that is not known yet'
  if (Array.isArray(value)) return 'a list'
  if (isMap(value)) return 'a map'
  return (
    { string: 'a text', number: 'a number', boolean: 'a boolean' }[typeof value as 'string' | 'number' | 'boolean'] ??
    typeof value
  )
}
