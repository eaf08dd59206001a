import { same } from '../../plan/change.ts'
import { Secret } from '../../secret.ts'
import { firstUnknown, isMap, Unknown, type Value } from '../../plan/unknown.ts'
import { failure, type Failure, type Range } from '../diagnostic.ts'
import type { BinaryOperator } from './expression.ts'
import { kindOf, lifted, revealed, textOf } from './text.ts'

/** Computes an operator of two sides; `and` and `or` are decided before their sides are known. */
export function binary(operator: BinaryOperator, left: Value, right: Value, at: Range): Value {
  switch (operator) {
    case '==':
    case '!=':
      return equal(left, right, operator === '!=')
    case 'in':
    case 'not in':
      return member(left, right, operator === 'not in', at)
    case '~':
      return lifted([left, right], ([a, b]) => textOf(a as Value) + textOf(b as Value))
    case '+':
      return plus(left, right, at)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return order(operator, left, right, at)
    default:
      return lifted([left, right], ([a, b]) => arithmetic(operator, a as Value, b as Value, at))
  }
}

function equal(left: Value, right: Value, not: boolean): Value {
  const unknown = firstUnknown([left, right])
  return unknown ?? same(left, right) !== not
}

function member(item: Value, container: Value, not: boolean, at: Range): Value {
  if (container instanceof Unknown) return container
  if (item instanceof Unknown) return item
  if (Array.isArray(container)) {
    if ((container as readonly Value[]).some((one) => !firstUnknown(one) && same(one, item))) return !not
    return firstUnknown(container) ?? not
  }
  if (isMap(container)) return Object.hasOwn(container, textOf(item)) !== not
  if (typeof container === 'string' || container instanceof Secret)
    return textOf(container).includes(textOf(item)) !== not
  throw failure('E320', `\`in\` looks into a list, a map or a text, not ${kindOf(container)}`, { at })
}

function plus(left: Value, right: Value, at: Range): Value {
  if (Array.isArray(left) && Array.isArray(right))
    return [...(left as readonly Value[]), ...(right as readonly Value[])]
  return lifted([left, right], ([a, b]) => {
    if (typeof a === 'number' && typeof b === 'number') return a + b
    if (typeof a === 'string' && typeof b === 'string') return a + b
    throw unfit('+', left, right, at)
  })
}

function order(operator: '<' | '<=' | '>' | '>=', left: Value, right: Value, at: Range): Value {
  const unknown = firstUnknown([left, right])
  if (unknown) return unknown
  const a = comparable(left, right)
  const b = comparable(right, left)
  if (!((typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')))
    throw unfit(operator, left, right, at)
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}

/** A secret may be a number that only its taint made a text: `password | length >= 12`. */
function comparable(value: Value, other: Value): Value {
  const plain = revealed(value)
  return value instanceof Secret && typeof other === 'number' && /^-?\d+(\.\d+)?$/.test(String(plain))
    ? Number(plain)
    : plain
}

function arithmetic(operator: BinaryOperator, a: Value, b: Value, at: Range): Value {
  if (typeof a !== 'number' || typeof b !== 'number') throw unfit(operator, a, b, at)
  if (b === 0 && ['/', '//', '%'].includes(operator)) throw failure('E321', 'division by zero', { at })
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (operator === '/') return a / b
  if (operator === '//') return Math.floor(a / b)
  // the remainder has the sign of the divisor, as in Python and Jinja
  return operator === '%' ? a - b * Math.floor(a / b) : a ** b
}

function unfit(operator: string, a: Value, b: Value, at: Range): Failure {
  const number = typeof a === 'number' || typeof b === 'number'
  return failure('E320', `\`${operator}\` does not work on ${kindOf(a)} and ${kindOf(b)}`, {
    at,
    hint: number ? 'convert a text with `| int`, or join texts with `~`' : undefined,
  })
}
