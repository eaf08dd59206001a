import { Secret } from '../secret.ts'

/** A word that a POSIX shell reads as exactly this text (POSIX.1-2024, Shell Command Language 2.2.2). NUL bytes cannot be said. */
export function quote(word: string | Secret): string {
  const text = word instanceof Secret ? word.reveal() : word
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Words as one line of shell. */
export function line(argv: readonly (string | Secret)[]): string {
  return argv.map(quote).join(' ')
}
