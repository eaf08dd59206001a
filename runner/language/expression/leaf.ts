import type { Range } from '../diagnostic.ts'
import type { Node } from './expression.ts'
import type { Token } from './lex.ts'

const words: Readonly<Record<string, null | boolean>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  null: null,
}
const operators: readonly string[] = ['and', 'or', 'not', 'in', 'is', 'if', 'else']

/** A number, a text, a word for true, false or nothing, or the name of a variable; undefined for any other token. */
export function leafOf(token: Token, at: Range): Node | undefined {
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text), at }
  if (token.kind === 'string') return { kind: 'literal', value: token.text, at }
  if (token.kind !== 'name' || operators.includes(token.text)) return undefined
  return Object.hasOwn(words, token.text)
    ? { kind: 'literal', value: words[token.text] as null | boolean, at }
    : { kind: 'name', name: token.text, at }
}
