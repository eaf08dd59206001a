import { closest } from '../closest.ts'
import { failure, type Failure, type Range } from '../diagnostic.ts'
import type { Node } from './expression.ts'
import type { Token } from './lex.ts'
import type { Signature } from './signatures.ts'

/** A filter or test that does not exist. */
export function unknownName(
  code: `E${number}`,
  what: string,
  token: Token,
  names: readonly string[],
  at: Range,
): Failure {
  const near = closest(token.text, names)
  return failure(code, `unknown ${what} \`${token.text}\``, {
    at,
    hint: near === undefined ? `the ${what}s are ${names.join(' ')}` : `did you mean \`${near}\`?`,
  })
}

/** Throws when a filter or test is given too few or too many arguments. */
export function checkArguments(
  what: string,
  { min, max }: Signature,
  args: readonly Node[],
  named: Readonly<Record<string, Node>>,
  at: Range,
): void {
  const count = args.length + Object.keys(named).length
  if (count >= min && count <= max) return
  const needs = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
  throw failure('E304', `${what} takes ${needs} argument${needs === '1' ? '' : 's'}, not ${count}`, {
    at,
  })
}
