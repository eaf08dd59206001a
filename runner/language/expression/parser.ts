import { Failure, failure, type Range } from '../diagnostic.ts'
import { faultsOfCall, inOrder, noCalls } from './calls.ts'
import type { BinaryOperator, Node } from './expression.ts'
import { Cursor } from './cursor.ts'
import { leafOf } from './leaf.ts'
import { lex, type Ranged, type Token } from './lex.ts'
import { filterNames, testNames, testSignature } from './signatures.ts'

/**
 * Parses one expression of Jinja's grammar by precedence climbing; throws a {@link Failure} at the first fault of grammar, or
 * with all filters and tests that do not exist or are not given what they take.
 */
export function parseNode(text: string, from: number, to: number, range: Ranged): Node {
  const parser = new Parser(lex(text, from, to, range), range)
  return parser.whole(range(from, to))
}

const levels: readonly (readonly BinaryOperator[])[] = [['+', '-'], ['~'], ['*', '/', '//', '%']]
const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>=', 'in']
class Parser extends Cursor {
  readonly #faults: Failure[] = []

  whole(all: Range): Node {
    if (this.peek().kind === 'end') throw failure('E301', 'there is no expression here', { at: all })
    const node = this.#condition()
    if (this.peek().kind !== 'end') throw this.unexpected('the expression ends before this')
    if (this.#faults.length > 0) throw new Failure(this.#faults.flatMap((fault) => fault.diagnostics))
    return node
  }

  #condition(): Node {
    const then = this.#or()
    if (!this.take('if')) return then
    const test = this.#or()
    const otherwise = this.take('else') ? this.#condition() : undefined
    return { kind: 'condition', test, then, ...(otherwise && { otherwise }), at: this.from(then.at) }
  }

  #or(): Node {
    let left = this.#and()
    while (this.take('or')) left = this.#binary('or', left, this.#and())
    return left
  }

  #and(): Node {
    let left = this.#not()
    while (this.take('and')) left = this.#binary('and', left, this.#not())
    return left
  }

  #not(): Node {
    const start = this.peek()
    if (!this.take('not')) return this.#comparison()
    const of = this.#not()
    return { kind: 'unary', operator: 'not', of, at: this.from(this.range(start.from, start.to)) }
  }

  #comparison(): Node {
    let left = this.#level(0)
    for (;;) {
      if (this.is('not') && this.is('in', 1)) {
        this.next += 2
        left = this.#binary('not in', left, this.#level(0))
      } else if (comparisons.some((operator) => this.is(operator))) {
        const operator = this.peek().text as BinaryOperator
        this.next += 1
        left = this.#binary(operator, left, this.#level(0))
      } else return left
    }
  }

  #level(depth: number): Node {
    const operators = levels[depth]
    if (!operators) return this.#power()
    let left = this.#level(depth + 1)
    for (;;) {
      const operator = operators.find((one) => this.is(one))
      if (operator === undefined) return left
      this.next += 1
      left = this.#binary(operator, left, this.#level(depth + 1))
    }
  }

  #binary(operator: BinaryOperator, left: Node, right: Node): Node {
    return { kind: 'binary', operator, left, right, at: { ...left.at, end: right.at.end } }
  }

  /** As in Jinja a sign binds closer than a filter and than a power: `-1 | string`, `-2 ** 2`. */
  #power(): Node {
    let left = this.#behind(this.#signed(), true)
    while (this.take('**')) left = this.#binary('**', left, this.#behind(this.#signed(), true))
    return left
  }

  #signed(): Node {
    const start = this.peek()
    if (!this.is('-') && !this.is('+')) return this.#behind(this.#primary(), false)
    this.next += 1
    const of = this.#signed()
    return { kind: 'unary', operator: start.text as '-' | '+', of, at: this.from(this.range(start.from, start.to)) }
  }

  /** What stands behind a value: `.a`, `[b]`, and with filters `| filter`, `is test`. */
  #behind(value: Node, filters: boolean): Node {
    let node = value
    for (;;) {
      if (this.take('.')) node = this.#attribute(node)
      else if (this.take('[')) node = this.#subscript(node)
      else if (filters && this.take('|')) node = this.#filter(node)
      else if (filters && this.take('is')) node = this.#test(node)
      else if (this.is('(')) throw noCalls(node)
      else return node
    }
  }

  #attribute(of: Node): Node {
    const token = this.peek()
    if (token.kind !== 'name' && token.kind !== 'number') throw this.unexpected('a name is missing behind the dot')
    this.next += 1
    const at = this.from(of.at)
    if (token.kind === 'number')
      return { kind: 'index', of, index: { kind: 'literal', value: Number(token.text), at }, at }
    return { kind: 'attribute', of, name: token.text, at }
  }

  #subscript(of: Node): Node {
    const parts: (Node | undefined)[] = [undefined]
    let colons = 0
    while (!this.is(']')) {
      if (this.take(':')) {
        colons += 1
        parts.push(undefined)
      } else if (parts.at(-1) === undefined) parts[parts.length - 1] = this.#condition()
      else throw this.unexpected('`]` is missing')
    }
    if (colons > 2) throw this.unexpected('a slice has at most three parts')
    this.expect(']')
    const at = this.from(of.at)
    const [start, stop, step] = parts
    if (colons > 0)
      return { kind: 'slice', of, ...(start && { start }), ...(stop && { stop }), ...(step && { step }), at }
    if (!start) throw failure('E301', 'the index is missing', { at })
    return { kind: 'index', of, index: start, at }
  }

  #filter(of: Node): Node {
    const start = this.peek()
    const name = this.#word('a filter’s name is missing behind `|`')
    const at = this.#nameRange(start, filterNames)
    const { args, named } = this.is('(') ? this.#arguments() : { args: [], named: {} }
    this.#faults.push(...faultsOfCall('filter', name, args, named, at))
    return { kind: 'filter', of, name, ...inOrder(name, args, named, at), at: this.from(of.at) }
  }

  #test(of: Node): Node {
    const negate = this.take('not')
    const start = this.peek()
    const name = this.#word('a test’s name is missing behind `is`')
    const at = this.#nameRange(start, testNames)
    let args: readonly Node[] = []
    if (this.is('(')) args = this.#arguments().args
    else if (
      (testSignature(name)?.max ?? 0) > 0 &&
      (['string', 'number', 'name'].includes(this.peek().kind) || this.is('[') || this.is('{')) &&
      !/^(and|or|if|else|not|is|in)$/.test(this.peek().text)
    )
      args = [this.#behind(this.#primary(), false)]
    this.#faults.push(...faultsOfCall('test', name, args, {}, at))
    return { kind: 'test', of, name, args, negate, at: this.from(of.at) }
  }

  /** The range of a filter's or test's name; of one that does not exist with the parts that a collection's would have. */
  #nameRange(start: Token, names: readonly string[]): Range {
    let last = start
    while (!names.includes(start.text) && this.is('.') && this.peek(1).kind === 'name') {
      last = this.peek(1)
      this.next += 2
    }
    return this.range(start.from, last.to)
  }

  #word(missing: string): string {
    const token = this.peek()
    if (token.kind !== 'name') throw this.unexpected(missing)
    this.next += 1
    return token.text
  }

  #arguments(): { args: readonly Node[]; named: Readonly<Record<string, Node>> } {
    this.expect('(')
    const args: Node[] = []
    const named: Record<string, Node> = {}
    while (!this.take(')')) {
      const token = this.peek()
      if (token.kind === 'name' && this.is('=', 1)) {
        this.next += 2
        named[token.text] = this.#condition()
      } else args.push(this.#condition())
      if (!this.is(')')) this.expect(',')
    }
    return { args, named }
  }

  #primary(): Node {
    const token = this.peek()
    const at = this.range(token.from, token.to)
    this.next += 1
    const leaf = leafOf(token, at)
    if (leaf) return leaf
    if (token.text === '(') return this.#parenthesis(at)
    if (token.text === '[') return { kind: 'list', items: this.#items(']'), at: this.from(at) }
    if (token.text === '{') return { kind: 'map', entries: this.#entries(), at: this.from(at) }
    this.next -= 1
    throw this.unexpected('a value is missing')
  }

  #parenthesis(at: Range): Node {
    const node = this.#condition()
    if (!this.is(',')) {
      this.expect(')')
      return node
    }
    this.next += 1
    return { kind: 'list', items: [node, ...this.#items(')')], at: this.from(at) }
  }

  #items(end: string): readonly Node[] {
    const items: Node[] = []
    while (!this.take(end)) {
      items.push(this.#condition())
      if (!this.is(end)) this.expect(',')
    }
    return items
  }

  #entries(): readonly (readonly [Node, Node])[] {
    const entries: (readonly [Node, Node])[] = []
    while (!this.take('}')) {
      const key = this.#condition()
      this.expect(':')
      entries.push([key, this.#condition()])
      if (!this.is('}')) this.expect(',')
    }
    return entries
  }
}
