import { failure } from '../../language/diagnostic.ts'
import { hasSecret } from '../../plan/unknown.ts'

const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy

/**
 * A command as text, split into words as a POSIX shell would do it: quotes and backslashes hold words together, and nothing
 * else has a meaning (XCU 2.2).
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let end = 0
  for (const match of text.matchAll(piece)) {
    end = match.index + match[0].length
    const [, single, double, escaped, bare] = match
    const part = single ?? double?.replaceAll(/\\([$`"\\\n])/g, '$1') ?? escaped ?? bare
    if (part !== undefined) word = (word ?? '') + part
    else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  if (end < text.length) throw failure('E753', `a quote is not closed in ${JSON.stringify(text)}`)
  return word === undefined ? words : [...words, word]
}

/** A program with its words, from a text or a list. Everybody on the host can read a command line, so no secret may be in it. */
export function programOf(command: unknown, argument: string): readonly [string, ...string[]] {
  if (hasSecret(command))
    throw failure(
      'E753',
      `\`${argument}\` holds a secret, which the process list would show to everybody on the host`,
      {
        hint: 'hand it over by `stdin`, by `environment` or in a file',
      },
    )
  const [program, ...words] =
    typeof command === 'string' ? splitWords(command) : (command as readonly unknown[]).map(String)
  if (program === undefined || program === '') throw failure('E753', `\`${argument}\` names no program`)
  return [program, ...words]
}

/** For arguments that end up where everybody can read them, so that a secret has no place there. */
export function refuseSecrets(want: Readonly<Record<string, unknown>>, ...names: readonly string[]): void {
  for (const name of names) if (hasSecret(want[name])) throw failure('E753', `\`${name}\` may not hold a secret`)
}
