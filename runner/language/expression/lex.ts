import { failure, type Range } from '../diagnostic.ts'

export type TokenKind = 'name' | 'number' | 'string' | 'operator' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** A string's value; else as written. */
  readonly text: string
  /** Offsets in the text that was lexed. */
  readonly from: number
  readonly to: number
}

/** Turns offsets into a range of the file. */
export type Ranged = (from: number, to: number) => Range

const pattern =
  /(?<space>\s+)|(?<name>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(?<operator>\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>()[\]{}.,:|=])/y

/** Cuts an expression into tokens; the last is of kind `end`. */
export function lex(text: string, from: number, to: number, range: Ranged): readonly Token[] {
  const tokens: Token[] = []
  let at = from
  while (at < to) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match?.groups || pattern.lastIndex > to) throw strange(text, at, to, range)
    const end = pattern.lastIndex
    const { space, string, name, number } = match.groups
    if (space === undefined) {
      const kind =
        string !== undefined ? 'string' : name !== undefined ? 'name' : number !== undefined ? 'number' : 'operator'
      tokens.push({ kind, text: string === undefined ? match[0] : unescape(string), from: at, to: end })
    }
    at = end
  }
  tokens.push({ kind: 'end', text: '', from: to, to })
  return tokens
}

function strange(text: string, at: number, to: number, range: Ranged) {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 32)
  if (character === "'" || character === '"') {
    return failure('E301', 'a quoted text has no end', { at: range(at, to), hint: `close it with ${character}` })
  }
  const hints: Record<string, string> = {
    '&': 'write `and`',
    '!': 'write `not`',
    '?': 'write `a if condition else b`',
    $: 'variables are written without `$`',
  }
  return failure('E301', `\`${character}\` has no meaning in an expression`, {
    at: range(at, at + 1),
    hint: hints[character],
  })
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0' }

function unescape(quoted: string): string {
  // backslashes before anything else stay, as in Python, so that patterns such as '\d+' can be written plainly
  return quoted
    .slice(1, -1)
    .replaceAll(
      /\\([\s\S])/g,
      (all, character: string) => escapes[character] ?? (/[\\'"]/.test(character) ? character : all),
    )
}
