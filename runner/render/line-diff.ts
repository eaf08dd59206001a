export interface DiffLine {
  /** `@`: where the next lines stand; `\`: a note on the line before. */
  readonly kind: ' ' | '+' | '-' | '@' | '\\'
  readonly text: string
}

type Changed = DiffLine & { readonly kind: ' ' | '+' | '-' }

const context = 3
/** Above this many pairs of lines the middle is shown as replaced, since the table would grow too big. */
const most = 4_000_000

/**
 * The unified diff of two texts, without its head: hunks with three lines around what differs, as `diff -u` writes them
 * (POSIX diff, "Diff -u Output Format"). Lines are found by a longest common subsequence after cutting equal ends.
 */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [split(before), split(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1
  const same = (lines: readonly string[]): Changed[] => lines.map((text) => ({ kind: ' ', text }))
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  return hunks([...same(a.slice(0, head)), ...middle, ...same(a.slice(a.length - tail))])
}

/** Lines with their line feeds: so a last line without one differs from the same line with it. */
function split(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function common(a: readonly string[], b: readonly string[]): Changed[] {
  const removed = a.map((text): Changed => ({ kind: '-', text }))
  const added = b.map((text): Changed => ({ kind: '+', text }))
  if (a.length === 0 || b.length === 0 || a.length * b.length > most) return [...removed, ...added]
  const width = b.length + 1
  const table = lengths(a, b, width)
  const lines: Changed[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: ' ', text: a[i] as string })
      i += 1
      j += 1
    } else if (
      j >= b.length ||
      (i < a.length && (table[(i + 1) * width + j] as number) >= (table[i * width + j + 1] as number))
    ) {
      lines.push(removed[i] as Changed)
      i += 1
    } else {
      lines.push(added[j] as Changed)
      j += 1
    }
  }
  return lines
}

/** Lengths of the longest common subsequences of all ends of the two lists. */
function lengths(a: readonly string[], b: readonly string[], width: number): Uint32Array {
  const table = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      const beside = Math.max(table[at + width] as number, table[at + 1] as number)
      table[at] = a[i] === b[j] ? (table[at + width + 1] as number) + 1 : beside
    }
  }
  return table
}

function hunks(lines: readonly Changed[]): readonly DiffLine[] {
  const changes = lines.flatMap((line, index) => (line.kind === ' ' ? [] : [index]))
  const result: DiffLine[] = []
  let seen = 0
  let [a, b] = [0, 0]
  for (let next = 0; next < changes.length;) {
    const from = Math.max(0, (changes[next] as number) - context)
    let last = changes[next] as number
    while (next < changes.length && (changes[next] as number) - last <= 2 * context) last = changes[next++] as number
    const to = Math.min(lines.length, last + context + 1)
    // everything between two hunks is equal
    a += from - seen
    b += from - seen
    const part = lines.slice(from, to)
    const [olds, news] = [
      part.filter(({ kind }) => kind !== '+').length,
      part.filter(({ kind }) => kind !== '-').length,
    ]
    result.push({ kind: '@', text: `@@ -${range(a, olds)} +${range(b, news)} @@` })
    for (const { kind, text } of part) {
      result.push({ kind, text: text.replace(/\n$/, '') })
      if (!text.endsWith('\n')) result.push({ kind: '\\', text: 'No newline at end of file' })
    }
    a += olds
    b += news
    seen = to
  }
  return result
}

/** `3,7`; one line is `3`, no line is counted from the one before: `0,0`. */
function range(before: number, count: number): string {
  if (count === 0) return `${before},0`
  return count === 1 ? String(before + 1) : `${before + 1},${count}`
}
