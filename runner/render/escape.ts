/** What a host or AWS said, made harmless: control characters, escape sequences and marks that turn the direction of text become visible. */
export function escapeTerminal(text: string): string {
  return text.replaceAll(
    /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g,
    (character) => {
      if (character === '\r') return ''
      return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
    },
  )
}

/** Columns that a text takes: wide characters (East Asian, emoji) take two, combining marks none. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mn}|\p{Me}|\u200D|\uFE0F/u.test(character)) continue
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}

/** A text of at most so many columns; what was cut off is shown by `…`. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let result = ''
  let width = 0
  for (const character of text) {
    width += widthOf(character)
    if (width > columns - 1) break
    result += character
  }
  return `${result}…`
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
    colour ? `\u001B[${open}m${text}\u001B[${close}m` : text
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
