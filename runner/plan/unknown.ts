import { Secret, type SecretSource } from '../secret.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What an expression or an argument can be: JSON in which any leaf may be secret or not known yet. */
export type Value = null | boolean | number | string | Secret | SecretSource | Unknown | readonly Value[] | Values
export interface Values {
  readonly [key: string]: Value
}

/** A value that exists only after something else was done. It flows through expressions and is shown as `(known after apply)`. */
export class Unknown {
  /** What has to happen first, for people: `security_group "app" is created`. */
  readonly why: string
  readonly secret: boolean
  /** It names something that will be made anew: whatever lives inside it cannot be there yet. */
  readonly fresh: boolean
  /** Nodes that have to be ready for it, not only accepted by AWS. */
  readonly awaits: readonly string[]

  constructor(why: string, secret = false, fresh = false, awaits: readonly string[] = []) {
    this.why = why
    this.secret = secret
    this.fresh = fresh
    this.awaits = awaits
  }

  toString(): string {
    return '(known after apply)'
  }

  toJSON(): string {
    return '(known after apply)'
  }
}

export function isMap(value: unknown): value is Values {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  )
}

/** The first unknown inside a value, at any depth; undefined when all of it is known. */
export function firstUnknown(value: unknown): Unknown | undefined {
  if (value instanceof Unknown) return value
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = firstUnknown(item)
      if (found) return found
    }
  } else if (isMap(value)) {
    for (const item of Object.values(value)) {
      const found = firstUnknown(item)
      if (found) return found
    }
  }
  return undefined
}

/** The nodes that have to be ready for what is unknown inside a value. */
export function awaited(value: unknown): readonly string[] {
  if (value instanceof Unknown) return value.awaits
  if (Array.isArray(value)) return value.flatMap(awaited)
  return isMap(value) ? Object.values(value).flatMap(awaited) : []
}

/** Whether a secret stands anywhere inside a value. */
export function hasSecret(value: unknown): boolean {
  if (value instanceof Secret) return true
  if (value instanceof Unknown) return value.secret
  if (Array.isArray(value)) return value.some(hasSecret)
  return isMap(value) && Object.values(value).some(hasSecret)
}

/** Applies a function to a known value and leaves an unknown one as it is: `known(want.content, sha256)`. */
export function known<T, R>(value: T | Unknown, change: (value: T) => R): R | Unknown {
  return value instanceof Unknown ? value : change(value)
}

/** The same value as plain JSON for plans, events and journals: secrets and unknowns become their labels. */
export function printable(value: unknown): Json {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(printable)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable(item)]))
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return String(value)
}
