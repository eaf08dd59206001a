import { widthOf } from './escape.ts'

const codes = /\u001B\[\d+m/g

/** Text with codes of colours whose lines are broken between words at so many columns, and go on below their first word. */
export function laidOut(text: string, columns: number): string {
  if (!Number.isFinite(columns)) return text
  return text
    .split('\n')
    .map((line) => (columnsOf(line) <= columns ? line : brokenLine(line, Math.max(1, columns))))
    .join('\n')
}

function columnsOf(styled: string): number {
  return widthOf(styled.replaceAll(codes, ''))
}

function brokenLine(line: string, columns: number): string {
  const lead = /^ */.exec(line)?.[0] ?? ''
  // behind a mark and its space
  const indent = ' '.repeat(Math.max(0, Math.min(lead.length + 2, columns - 10)))
  const lines: string[] = []
  let current = lead
  let empty = true
  const turn = (): void => {
    lines.push(current)
    current = indent
    empty = true
  }
  for (const word of line.slice(lead.length).split(' ')) {
    const width = columnsOf(word)
    if (!empty && columnsOf(current) + 1 + width > columns) turn()
    else if (!empty) current += ' '
    for (const piece of piecesOf(word, columns - columnsOf(current), columns - indent.length)) {
      if (piece.first) current += piece.text
      else {
        turn()
        current += piece.text
      }
    }
    empty = false
  }
  return [...lines, current].join('\n')
}

/** A word in pieces: the first has this much room, the others that much. Codes take none. */
function piecesOf(
  word: string,
  room: number,
  more: number,
): readonly { readonly text: string; readonly first: boolean }[] {
  if (columnsOf(word) <= Math.max(1, room)) return [{ text: word, first: true }]
  const pieces: string[] = ['']
  let left = Math.max(1, room)
  for (const part of word.match(/\u001B\[\d+m|[\s\S]/gu) ?? []) {
    const width = part.startsWith('\u001B') ? 0 : widthOf(part)
    if (width > left && pieces.at(-1) !== '') {
      pieces.push('')
      left = Math.max(1, more)
    }
    pieces[pieces.length - 1] += part
    left -= width
  }
  return pieces.map((text, index) => ({ text, first: index === 0 }))
}
