import { failure, type Failure, type Range } from '../diagnostic.ts'
import type { Ranged, Token } from './lex.ts'

/** A place in a list of tokens, and the ways to go on from it. */
export class Cursor {
  readonly tokens: readonly Token[]
  readonly range: Ranged
  next = 0

  constructor(tokens: readonly Token[], range: Ranged) {
    this.tokens = tokens
    this.range = range
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)] as Token
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind !== 'string' && token.kind !== 'end' && token.text === text
  }

  take(text: string): boolean {
    if (!this.is(text)) return false
    this.next += 1
    return true
  }

  expect(text: string): Token {
    if (!this.is(text)) throw this.unexpected(`\`${text}\` is missing`)
    const token = this.peek()
    this.next += 1
    return token
  }

  unexpected(what: string): Failure {
    const token = this.peek()
    const at = this.range(token.from, token.kind === 'end' ? token.from : token.to)
    const hint = this.is('=') ? 'compare with `==`' : undefined
    return failure(
      'E301',
      token.kind === 'end' ? `${what} at the end of the expression` : `${what}: \`${token.text}\``,
      { at, hint },
    )
  }

  from(start: Range): Range {
    const last = this.tokens[this.next - 1] as Token
    return { ...start, end: this.range(last.from, last.to).end }
  }
}
