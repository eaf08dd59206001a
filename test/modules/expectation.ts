import { expect } from 'chai'
import type { Exec, Step } from '../../runner/connections/connection.ts'
import type { Charge } from '../../runner/plan/bill.ts'
import { isMap } from '../../runner/plan/unknown.ts'
import { Secret } from '../../runner/secret.ts'
import type { Case } from './case-file.ts'

/**
 * Values as they can be compared in a test: a secret as `secret:its text`, so that one can be told from another, bytes as
 * text, and members that are undefined left out.
 */
export function comparable(value: unknown): unknown {
  if (value instanceof Secret) return `secret:${value.reveal()}`
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (Array.isArray(value)) return value.map(comparable)
  if (!isMap(value)) return value
  const members = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(members.map(([name, item]) => [name, comparable(item)]))
}

/** `2..6 aurora mysql db.r6g.large`, `2 instances of lt-1`, `? data transfer`. */
export function chargeAsWritten(charge: Charge): string {
  if ('unpriced' in charge) return `? ${charge.unpriced}`
  const { count, most } = charge
  const what = 'item' in charge ? charge.item : `instances of ${charge.instances.id ?? 'a template that is made'}`
  return `${count}${most === undefined ? '' : `..${most}`} ${what}`
}

/** Steps in the form in which the case writes them: those it writes as a list of words are compared by their words alone. */
export function stepsAsWritten(written: NonNullable<Case['steps']>): (step: Step, index: number) => unknown {
  return (step, index) => {
    const bare = step.kind === 'exec' && Object.keys(step).length === 2
    return Array.isArray(written[index]) && bare ? [...(step as Exec).argv] : comparable(step)
  }
}

/** Expects a list of the same length, or a map that has at least the members that were written down. */
export function matching(actual: unknown, expected: unknown, what: string): void {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    expect(actual.length, `${what}: ${JSON.stringify(actual)}`).to.equal(expected.length)
    for (const [index, item] of expected.entries()) matchingItem(actual[index], comparable(item), `${what}[${index}]`)
  } else matchingItem(actual, expected, what)
}

function matchingItem(actual: unknown, expected: unknown, what: string): void {
  if (isMap(actual) && isMap(expected)) {
    const named = Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]]))
    expect(named, `${what} of ${JSON.stringify(actual)}`).to.deep.equal(expected)
  } else expect(actual, what).to.deep.equal(expected)
}
