/** A table of cron, whose entries are told by a comment above them. */
const mark = '#runner: '

/** The entry of that name. */
export function entryIn(text: string, name: string): string | undefined {
  const lines = text.split('\n')
  const at = lines.indexOf(mark + name)
  return at === -1 ? undefined : (lines[at + 1] ?? '')
}

/** The table with the entry put in, replaced, or (undefined) taken out. */
export function withEntry(text: string, name: string, entry: string | undefined): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const at = lines.indexOf(mark + name)
  const added = entry === undefined ? [] : [mark + name, entry]
  const edited = at === -1 ? [...lines, ...added] : lines.toSpliced(at, 2, ...added)
  return edited.length === 0 ? '' : `${edited.join('\n')}\n`
}
