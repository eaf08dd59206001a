// InnoDB's own list (information_schema.INNODB_FT_DEFAULT_STOPWORD): asked for, they would find nothing
const stopwords = new Set(
  'a about an are as at be by com de en for from how i in is it la of on or that the this to was what when where who will with und www'.split(
    ' ',
  ),
)

/** The words of what was typed that an index of words can find. */
export function wordsIn(typed: string): readonly string[] {
  return (
    typed
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      // InnoDB indexes words from three characters on
      .filter((word) => [...word].length >= 3 && !stopwords.has(word))
      .slice(0, 8)
  )
}

/** Whether each of the words begins one of the text, as the index of words sees it: without case and accents. */
export function hasWords(text: string, words: readonly string[]): boolean {
  const there = fold(text).split(/[^\p{L}\p{N}]+/u)
  return words.every((word) => there.some((each) => each.startsWith(fold(word))))
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** A LIKE pattern for titles that begin so. */
export function beginning(typed: string): string {
  return `${typed.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
}
