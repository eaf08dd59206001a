// InnoDB's own list (information_schema.INNODB_FT_DEFAULT_STOPWORD): asked for, they would find nothing
const stopwords = new Set(
  'a about an are as at be by com de en for from how i in is it la of on or that the this to was what when where who will with und www'.split(
    ' ',
  ),
)

/** What was typed as a boolean full-text query, each word the beginning of one; undefined: nothing that an index of words can find. */
export function fullText(typed: string): string | undefined {
  const words = typed
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    // InnoDB indexes words from three characters on
    .filter((word) => [...word].length >= 3 && !stopwords.has(word))
    .slice(0, 8)
  return words.length === 0 ? undefined : words.map((word) => `+${word}*`).join(' ')
}

/** A LIKE pattern for titles that begin so. */
export function beginning(typed: string): string {
  return `${typed.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
}
