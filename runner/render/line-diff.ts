export interface DiffLine {
  readonly kind: ' ' | '+' | '-'
  readonly text: string
}

const context = 3
/** Above this many pairs of lines the middle is shown as replaced, since the table would grow too big. */
const most = 4_000_000

/** The lines that differ between two texts, with three lines around them: a longest common subsequence after cutting equal ends. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const a = split(before)
  const b = split(after)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: ' ', text }))
  return shortened([...same(a.slice(0, head)), ...middle, ...same(a.slice(a.length - tail))])
}

function split(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function common(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = a.map((text): DiffLine => ({ kind: '-', text }))
  const added = b.map((text): DiffLine => ({ kind: '+', text }))
  if (a.length === 0 || b.length === 0 || a.length * b.length > most) return [...removed, ...added]
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      table[at] =
        a[i] === b[j]
          ? (table[at + width + 1] as number) + 1
          : Math.max(table[at + width] as number, table[at + 1] as number)
    }
  }
  const lines: DiffLine[] = []
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
      lines.push(removed[i] as DiffLine)
      i += 1
    } else {
      lines.push(added[j] as DiffLine)
      j += 1
    }
  }
  return lines
}

/** Leaves out equal lines that are far from any change. */
function shortened(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some((other) => other.kind !== ' '),
  )
  const result: DiffLine[] = []
  for (const [index, line] of lines.entries()) {
    if (near[index]) result.push(line)
    else if (near[index - 1]) result.push({ kind: ' ', text: '⋯' })
  }
  return result
}
