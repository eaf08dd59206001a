import type { Diagnostic, Range } from '../language/diagnostic.ts'
import { escapeTerminal, paint, widthOf, type Paint } from './escape.ts'

export interface DiagnosticOptions {
  /** Texts of the files, by the names that ranges use. */
  readonly sources: ReadonlyMap<string, string>
  readonly width: number
  readonly colour: boolean
}

/**
 * Draws diagnostics for people: what is wrong, the line it stands in, and a way out. Sentences are left for the terminal to
 * wrap, so that they can be copied and searched for; only the line of code is cut to the width, since its carets must fit.
 */
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
  const lines = [`${kind(style.bold(`${severity}[${code}]`))} ${style.bold(sentence(message, 2))}`]
  const gutter = at ? ' '.repeat(String(at.start.line).length) : ' '
  const below = hint === undefined ? [] : [`${gutter} ${style.cyan('=')} hint: ${sentence(hint, gutter.length + 9)}`]
  if (at) {
    lines.push(`  ${style.cyan('-->')} ${sentence(at.file, 6)}:${at.start.line}:${at.start.column}`)
    const source = sources.get(at.file)?.split('\n')[at.start.line - 1]
    if (source !== undefined) {
      const { code, carets, room } = frame(at, source.replace(/\r$/, ''), Math.max(10, width - gutter.length - 3))
      const beside = hint !== undefined && !hint.includes('\n') && widthOf(escapeTerminal(hint)) < room
      if (beside) below.length = 0
      lines.push(...framed(at, gutter, code, `${kind(carets)}${beside ? ` ${kind(escapeTerminal(hint))}` : ''}`, style))
    }
  }
  return `${[...lines, ...below].map((line) => line.trimEnd()).join('\n')}\n`
}

function framed(at: Range, gutter: string, code: string, carets: string, style: Paint): readonly string[] {
  const bar = style.cyan('|')
  return [`${gutter} ${bar}`, `${style.cyan(String(at.start.line))} ${bar} ${code}`, `${gutter} ${bar} ${carets}`]
}

/** A text of which further lines stand below the first. */
function sentence(text: string, indent: number): string {
  return escapeTerminal(text)
    .trim()
    .replaceAll('\n', `\n${' '.repeat(indent)}`)
}

interface Cell {
  readonly text: string
  /** Where it stands in the source, in UTF-16 units. */
  readonly index: number
  readonly width: number
}

interface Frame {
  readonly code: string
  /** The carets behind the spaces that lead to them. */
  readonly carets: string
  /** Columns left behind the carets. */
  readonly room: number
}

/** A line of code with carets under a range; of a long line that part around the range which fits. */
function frame(at: Range, source: string, columns: number): Frame {
  const cells = cellsOf(source)
  const start = at.start.column - 1
  const end =
    at.end.line === at.start.line ? Math.max(at.end.column - 1, start + 1) : Math.max(source.length, start + 1)
  const first = countBefore(cells, start)
  const last = Math.max(first + 1, countBefore(cells, end))
  const [from, to] = shownPart(cells, first, last, columns)
  const cutLeft = from > 0 ? '…' : ''
  const cutRight = to < cells.length ? '…' : ''
  const before = cutLeft.length + sum(cells.slice(from, first))
  const marked = Math.max(1, sum(cells.slice(first, Math.min(last, to))))
  const code = cells
    .slice(from, to)
    .map((cell) => cell.text)
    .join('')
  return {
    code: `${cutLeft}${code}${cutRight}`,
    carets: `${' '.repeat(before)}${'^'.repeat(marked)}`,
    room: columns - before - marked,
  }
}

function cellsOf(source: string): readonly Cell[] {
  let index = 0
  return Array.from(source, (character) => {
    const text = character === '\t' ? '    ' : character === '\r' ? '\\x0d' : escapeTerminal(character)
    const cell = { text, index, width: widthOf(text) }
    index += character.length
    return cell
  })
}

function countBefore(cells: readonly Cell[], index: number): number {
  return cells.filter((cell) => cell.index < index).length
}

function sum(cells: readonly Cell[]): number {
  return cells.reduce((width, cell) => width + cell.width, 0)
}

/** Which cells are shown: all if they fit; else from the beginning if the range is seen then; else from a bit before it. */
function shownPart(cells: readonly Cell[], first: number, last: number, columns: number): readonly [number, number] {
  // behind the last character there must be room for a caret, too
  if (sum(cells) + (first < cells.length ? 0 : 1) <= columns) return [0, cells.length]
  let from = 0
  if (sum(cells.slice(0, last)) > columns - 1) {
    const context = Math.min(Math.floor(columns / 3), Math.max(0, columns - 2 - sum(cells.slice(first, last))))
    from = Math.min(first, cells.length)
    for (let width = 0; from > 0; from--) {
      width += cells[from - 1]?.width ?? 0
      if (width > context) break
    }
  }
  const left = from > 0 ? 1 : 0
  let to = from
  let width = left
  while (to < cells.length) {
    width += cells[to]?.width ?? 0
    if (width > columns - (to + 1 < cells.length ? 1 : 0)) break
    to += 1
  }
  return [from, to]
}
