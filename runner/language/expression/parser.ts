import { failure, type Failure, type Range } from '../diagnostic.ts'
import { checkArguments, unknownName } from './arity.ts'
import type { BinaryOperator, Node } from './expression.ts'
import { Cursor } from './cursor.ts'
import { lex, type Ranged } from './lex.ts'
import { filterNames, filterSignature, testNames, testSignature } from './signatures.ts'

/** Parses one expression of Jinja's grammar by precedence climbing; throws a {@link Failure} at the first fault. */
export function parseNode(text: string, from: number, to: number, range: Ranged): Node {
  const parser = new Parser(lex(text, from, to, range), range)
  return parser.whole(range(from, to))
}

const levels: readonly (readonly BinaryOperator[])[] = [['+', '-'], ['~'], ['*', '/', '//', '%']]
const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>=', 'in']
const words: Readonly<Record<string, null | boolean>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  null: null,
}

class Parser extends Cursor {
  whole(all: Range): Node {
    if (this.peek().kind === 'end') throw failure('E301', 'there is no expression here', { at: all })
    const node = this.#condition()
    if (this.peek().kind !== 'end') throw this.unexpected('the expression ends before this')
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
    if (!operators) return this.#unary()
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

  #unary(): Node {
    const start = this.peek()
    if (this.is('-') || this.is('+')) {
      this.next += 1
      const of = this.#unary()
      return { kind: 'unary', operator: start.text as '-' | '+', of, at: this.from(this.range(start.from, start.to)) }
    }
    const base = this.#filtered()
    return this.take('**') ? this.#binary('**', base, this.#unary()) : base
  }

  /** What stands behind a value: `.a`, `[b]`, `| filter`, `is test`. */
  #filtered(): Node {
    let node = this.#primary()
    for (;;) {
      if (this.take('.')) node = this.#attribute(node)
      else if (this.take('[')) node = this.#subscript(node)
      else if (this.take('|')) node = this.#filter(node)
      else if (this.take('is')) node = this.#test(node)
      else if (this.is('(')) throw this.#noCalls(node)
      else return node
    }
  }

  #noCalls(node: Node): Failure {
    const name = node.kind === 'attribute' || node.kind === 'name' ? node.name : ''
    const hint = filterNames.includes(name) ? `use the filter: \`value | ${name}\`` : 'use a filter: `value | filter`'
    return failure('E305', 'functions and methods can’t be called', { at: node.at, hint })
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
    const token = this.peek()
    const name = this.#word('a filter’s name is missing behind `|`')
    const signature = filterSignature(name)
    if (!signature) throw unknownName('E302', 'filter', token, filterNames, this.range(token.from, token.to))
    const { args, named } = this.is('(') ? this.#arguments() : { args: [], named: {} }
    checkArguments(`filter ${name}`, signature, args, named, this.range(token.from, token.to))
    return { kind: 'filter', of, name, args, named, at: this.from(of.at) }
  }

  #test(of: Node): Node {
    const negate = this.take('not')
    const token = this.peek()
    const name = this.#word('a test’s name is missing behind `is`')
    const signature = testSignature(name)
    if (!signature) throw unknownName('E303', 'test', token, testNames, this.range(token.from, token.to))
    let args: readonly Node[] = []
    if (this.is('(')) args = this.#arguments().args
    else if (
      signature.max > 0 &&
      ['string', 'number', 'name'].includes(this.peek().kind) &&
      !/^(and|or|if|else|not|is|in)$/.test(this.peek().text)
    )
      args = [this.#primary()]
    checkArguments(`test ${name}`, signature, args, {}, this.range(token.from, token.to))
    return { kind: 'test', of, name, args, negate, at: this.from(of.at) }
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
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text), at }
    if (token.kind === 'string') return { kind: 'literal', value: token.text, at }
    if (token.kind === 'name' && !['and', 'or', 'not', 'in', 'is', 'if', 'else'].includes(token.text)) {
      return Object.hasOwn(words, token.text)
        ? { kind: 'literal', value: words[token.text] as null | boolean, at }
        : { kind: 'name', name: token.text, at }
    }
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
