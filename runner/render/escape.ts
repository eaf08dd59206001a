// `\p{Cf}` holds what is not drawn but changes how the rest is: marks of direction (bidi), zero-width spaces, tags. The two
// joiners stay: Persian and the scripts of India need them, and alone they only join.
const hostile = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * What a host, a file or AWS said, made harmless for a terminal: control characters, escape sequences and marks that turn the
 * direction of text become visible as `\x1b` or `\u202e`. Line feeds and tabs stay; of line ends `\r\n` the `\r` goes.
 */
export function escapeTerminal(text: string): string {
  return text.replaceAll(/\r(?=\n|$)/g, '').replaceAll(hostile, (character) => {
    if (character === '\n' || character === '\t' || character === '\u200C' || character === '\u200D') return character
    const code = (character.codePointAt(0) ?? 0).toString(16)
    if (code.length > 4) return `\\u{${code}}`
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
}

/** The same, for a place where only one line fits: line ends become `⏎`, tabs spaces. */
export function escapeLine(text: string): string {
  return escapeTerminal(text).replaceAll('\n', '⏎').replaceAll('\t', ' ')
}

// https://www.unicode.org/reports/tr11/: W and F; those outside the blocks of East Asia are all emoji
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{17000}-\u{18CFF}\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u
const none = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11FF]/u

/** Columns that a text takes: wide characters (East Asian, emoji) take two, combining marks none. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7E]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

function columnsOf(character: string): number {
  // asks a terminal for the colourful form, which some draw in two columns: rather one too many than a broken line
  if (character === '\uFE0F') return 1
  if (none.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** A text of at most so many columns; what was cut off is shown by `…`. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  if (columns < 1) return ''
  let result = ''
  let width = 0
  for (const character of text) {
    width += columnsOf(character)
    if (width > columns - 1) break
    result += character
  }
  return `${result}…`
}

/** The words of a text in lines of at most so many columns; a word that is longer is broken. */
export function wrap(text: string, columns: number): readonly string[] {
  const room = Math.max(1, columns)
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (widthOf(longer) <= room) line = longer
      else {
        if (line !== '') lines.push(line)
        const pieces = broken(word, room)
        lines.push(...pieces.slice(0, -1))
        line = pieces.at(-1) ?? ''
      }
    }
    return [...lines, line]
  })
}

/** A text in lines of at most so many columns, those after the first one indented. */
export function hang(text: string, columns: number, indent = 4): readonly string[] {
  const [first = ''] = wrap(text, columns)
  if (first === text) return [first]
  const rest = wrap(text.slice(first.length).trimStart(), columns - indent)
  return [first, ...rest.map((line) => `${' '.repeat(indent)}${line}`)]
}

function broken(word: string, room: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && widthOf(piece) + columnsOf(character) > room) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}

export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
  magenta(text: string): string
}

/** Colours by the sixteen that every terminal has; or none. */
export function paint(colour: boolean): Paint {
  const by = (open: number, close: number) => (text: string) =>
    colour && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text
  return {
    bold: by(1, 22),
    dim: by(2, 22),
    red: by(31, 39),
    green: by(32, 39),
    yellow: by(33, 39),
    cyan: by(36, 39),
    magenta: by(35, 39),
  }
}
