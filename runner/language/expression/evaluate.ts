import { Secret, SecretSource } from '../../secret.ts'
import { awaited, hasSecret, isMap, Unknown, type Value } from '../../plan/unknown.ts'
import { closest } from '../closest.ts'
import { Failure, failure, type Range } from '../diagnostic.ts'
import type { Source } from '../program.ts'
import { Template, type Expression, type Node } from './expression.ts'
import { applyFilter } from './filters.ts'
import { binary } from './operators.ts'
import type { Scope } from './scope.ts'
import { sliced } from './slice.ts'
import { applyTest } from './tests.ts'
import { kindOf, textOf, truthy } from './text.ts'

/** Something that is not defined, with what to say if it is used. */
export class Missing {
  readonly failure: Failure

  constructor(why: Failure) {
    this.failure = why
  }
}

/** Computes an expression. Unknown values and secrets pass through; what is undefined or does not fit is a {@link Failure} with its range. */
export function evaluate(expression: Expression | Node, scope: Scope): Value {
  return must(inner('node' in expression ? expression.node : expression, scope))
}

/** Evaluates all expressions in a value as written. */
export function render(source: Source, scope: Scope): Value {
  if (source instanceof Template) return renderTemplate(source, scope)
  if (source instanceof SecretSource) return scope.secret(source)
  if (
    source === null ||
    typeof source !== 'object' ||
    (source as unknown) instanceof Unknown ||
    (source as unknown) instanceof Secret
  )
    return source as Value
  if (Array.isArray(source)) return source.map((item: Source) => render(item, scope))
  return Object.fromEntries(Object.entries(source).map(([key, item]) => [key, render(item as Source, scope)]))
}

function renderTemplate(template: Template, scope: Scope): Value {
  const [only] = template.parts
  if (template.parts.length === 1 && only !== undefined && typeof only !== 'string') return evaluate(only, scope)
  const values = template.parts.map((part) => (typeof part === 'string' ? part : evaluate(part, scope)))
  const unknown = values.find((value) => value instanceof Unknown)
  const secret = values.some(hasSecret)
  if (unknown instanceof Unknown) return new Unknown(unknown.why, secret, false, awaited(values))
  const text = values.map(textOf).join('')
  return secret ? new Secret(text) : text
}

function must(value: Value | Missing): Value {
  if (value instanceof Missing) throw value.failure
  return value
}

function inner(node: Node, scope: Scope): Value | Missing {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'name':
      return lookUp(node.name, node.at, scope)
    case 'list':
      return node.items.map((item) => evaluate(item, scope))
    case 'map':
      return Object.fromEntries(
        node.entries.map(([key, value]) => [textOf(evaluate(key, scope)), evaluate(value, scope)]),
      )
    case 'attribute':
      return memberOf(inner(node.of, scope), node.name, node.at)
    case 'index':
      return memberOf(inner(node.of, scope), evaluate(node.index, scope), node.at)
    case 'slice':
      return slice(node, scope)
    case 'unary':
      return unary(node.operator, evaluate(node.of, scope), node.at)
    case 'binary':
      return node.operator === 'and' || node.operator === 'or'
        ? logical(node, scope)
        : binary(node.operator, evaluate(node.left, scope), evaluate(node.right, scope), node.at)
    case 'condition':
      return choose(node, scope)
    case 'filter': {
      const of = inner(node.of, scope)
      if (of instanceof Missing && node.name !== 'default') throw of.failure
      const named = Object.fromEntries(Object.entries(node.named).map(([key, arg]) => [key, evaluate(arg, scope)]))
      return applyFilter(
        node.name,
        of instanceof Missing ? undefined : of,
        node.args.map((arg) => evaluate(arg, scope)),
        named,
        node.at,
      )
    }
    case 'test': {
      const of = inner(node.of, scope)
      if (of instanceof Missing && node.name !== 'defined' && node.name !== 'undefined') throw of.failure
      const holds = applyTest(
        node.name,
        of instanceof Missing ? undefined : of,
        node.args.map((arg) => evaluate(arg, scope)),
        node.at,
      )
      return node.negate && typeof holds === 'boolean' ? !holds : holds
    }
  }
}

function lookUp(name: string, at: Range, scope: Scope): Value | Missing {
  let value: Value | undefined
  try {
    value = scope.get(name)
  } catch (error) {
    // what is wrong with a variable is said where it stands; one without a place (a cycle) is said where it is used
    if (error instanceof Failure)
      throw new Failure(
        error.diagnostics.map((one) => ({ at, ...one })),
        { cause: error.cause },
      )
    throw error
  }
  if (value !== undefined) return value
  const near = closest(name, scope.names())
  return new Missing(
    failure('E310', `the variable \`${name}\` is not defined`, {
      at,
      hint:
        near === undefined
          ? 'set it under vars, in the inventory or with -e; or say `| default(…)`'
          : `did you mean \`${near}\`?`,
    }),
  )
}

function memberOf(of: Value | Missing, key: Value, at: Range): Value | Missing {
  if (of instanceof Missing || of instanceof Unknown) return of
  if (key instanceof Unknown) return key
  if (Array.isArray(of) && typeof key === 'number') {
    const item = (of as readonly Value[]).at(key)
    return item ?? new Missing(failure('E311', `there is no item ${key}: the list has ${of.length}`, { at }))
  }
  if (typeof key === 'number' && (typeof of === 'string' || of instanceof Secret)) {
    const letter = [...textOf(of)].at(key)
    if (letter !== undefined) return of instanceof Secret ? new Secret(letter) : letter
    return new Missing(failure('E311', `there is no character ${key} in this text`, { at }))
  }
  const name = typeof key === 'string' || typeof key === 'number' ? String(key) : undefined
  if (isMap(of) && name !== undefined) {
    if (Object.hasOwn(of, name)) return of[name] as Value
    const near = closest(name, Object.keys(of))
    const has = Object.keys(of).slice(0, 8).join(', ')
    return new Missing(
      failure('E311', `there is no member \`${name}\` here`, {
        at,
        hint: near === undefined ? (has === '' ? 'the map is empty' : `there are ${has}`) : `did you mean \`${near}\`?`,
      }),
    )
  }
  return new Missing(failure('E311', `${kindOf(of)} has no member \`${name ?? kindOf(key)}\``, { at }))
}

function slice(node: Extract<Node, { kind: 'slice' }>, scope: Scope): Value {
  const of = evaluate(node.of, scope)
  const [start, stop, step] = [node.start, node.stop, node.step].map((part) => (part ? evaluate(part, scope) : null))
  const unknown = [of, start, stop, step].find((value) => value instanceof Unknown)
  if (unknown !== undefined) return unknown
  const stride = step ?? 1
  const bounds = [start, stop].every((bound) => bound === null || Number.isInteger(bound))
  if (!bounds || typeof stride !== 'number' || !Number.isInteger(stride) || stride === 0)
    throw failure('E320', 'the parts of a slice are whole numbers', { at: node.at })
  const cut = <T>(list: readonly T[]): T[] => sliced(list, start as number | null, stop as number | null, stride)
  if (Array.isArray(of)) return cut(of as readonly Value[])
  if (typeof of === 'string') return cut([...of]).join('')
  if (of instanceof Secret) return of.map((text) => cut([...text]).join(''))
  throw failure('E320', `${kindOf(of)} can’t be sliced`, { at: node.at })
}

function unary(operator: 'not' | '-' | '+', value: Value, at: Range): Value {
  if (value instanceof Unknown) return value
  if (operator === 'not') return !truthy(value)
  if (typeof value !== 'number')
    throw failure('E320', `\`${operator}\` needs a number, not ${kindOf(value)}`, {
      at,
      hint: 'convert it with `| int` or `| float`',
    })
  return operator === '-' ? -value : value
}

/** `and`, `or`: the side that decides alone decides, though the other be unknown. */
function logical(node: Extract<Node, { kind: 'binary' }>, scope: Scope): Value {
  const decides = (value: Value): boolean => !(value instanceof Unknown) && truthy(value) === (node.operator === 'or')
  const left = evaluate(node.left, scope)
  if (decides(left)) return left
  const right = evaluate(node.right, scope)
  return left instanceof Unknown && !decides(right) ? left : right
}

function choose(node: Extract<Node, { kind: 'condition' }>, scope: Scope): Value | Missing {
  const test = evaluate(node.test, scope)
  if (test instanceof Unknown) return test
  if (truthy(test)) return inner(node.then, scope)
  return node.otherwise
    ? inner(node.otherwise, scope)
    : new Missing(failure('E310', 'the condition does not hold, and there is no `else`', { at: node.at }))
}
