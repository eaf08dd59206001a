import type { Diagnostic, Range } from '../language/diagnostic.ts'
import { clip, escapeTerminal, paint, widthOf, type Paint } from './escape.ts'

export interface DiagnosticOptions {
  /** Texts of the files, by the names that ranges use. */
  readonly sources: ReadonlyMap<string, string>
  readonly width: number
  readonly colour: boolean
}

/** Draws diagnostics for people: what is wrong, the line it stands in, and a way out. */
export function renderDiagnostics(list: readonly Diagnostic[], options: DiagnosticOptions): string {
  const drawn = list.map((one) => render(one, options))
  return drawn.join('\n') + (list.length > 1 ? `\n${totals(list)}\n` : '')
}

function totals(list: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']): number => list.filter((one) => one.severity === severity).length
  const say = (number: number, word: string): string[] =>
    number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`]
  return [...say(count('error'), 'error'), ...say(count('warning'), 'warning')].join(', ')
}

function render(
  { severity, code, message, at, hint }: Diagnostic,
  { sources, width, colour }: DiagnosticOptions,
): string {
  const style = paint(colour)
  const kind = severity === 'error' ? style.red : style.yellow
  const head = `${kind(style.bold(`${severity}[${code}]`))} ${style.bold(escapeTerminal(message))}\n`
  if (!at) return head + (hint === undefined ? '' : `  ${style.cyan('=')} ${escapeTerminal(hint)}\n`)
  const where = `${style.cyan('-->')} ${at.file}:${at.start.line}:${at.start.column}\n`
  const source = sources.get(at.file)?.split('\n')[at.start.line - 1]
  if (source === undefined)
    return `${head}  ${where}${hint === undefined ? '' : `   ${style.cyan('=')} ${escapeTerminal(hint)}\n`}`
  return `${head}  ${where}${frame(at, source.replace(/\r$/, ''), hint, width, style, kind)}`
}

function frame(
  at: Range,
  source: string,
  hint: string | undefined,
  width: number,
  style: Paint,
  kind: (text: string) => string,
): string {
  const number = String(at.start.line)
  const gutter = ' '.repeat(number.length)
  const bar = style.cyan('|')
  const room = Math.max(10, width - number.length - 3)
  const tabless = source.replaceAll('\t', ' ')
  const start = at.start.column - 1
  const end = at.end.line === at.start.line ? Math.max(at.end.column - 1, start + 1) : tabless.length
  // a long line is shown from where the fault can be seen
  const from = tabless.length > room && end > room ? Math.max(0, Math.min(start - 8, tabless.length - room + 1)) : 0
  const shown = from > 0 ? `…${tabless.slice(from + 1)}` : tabless
  const before = widthOf(tabless.slice(from, start))
  const carets = '^'.repeat(Math.max(1, Math.min(widthOf(tabless.slice(start, end)), room - before)))
  const said = hint === undefined ? '' : escapeTerminal(hint)
  const beside = said !== '' && before + carets.length + 1 + widthOf(said) <= room
  const lines = [
    `${gutter} ${bar}`,
    `${style.cyan(number)} ${bar} ${clip(escapeTerminal(shown), room)}`,
    `${gutter} ${bar} ${' '.repeat(before)}${kind(carets)}${beside ? ` ${kind(said)}` : ''}`,
    ...(said !== '' && !beside ? [`${gutter} ${style.cyan('=')} ${said}`] : []),
  ]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
