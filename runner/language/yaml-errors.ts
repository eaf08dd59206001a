import type { LineCounter } from 'yaml'
import type { Diagnostic, Range } from './diagnostic.ts'

/** Line and column of an offset. */
export function position(lines: LineCounter, offset: number): Range['start'] {
  const { line, col } = lines.linePos(offset)
  return { line, column: Math.max(1, col) }
}

/** What the YAML parser says, in words that name the mend. */
export function yamlError(
  error: { code: string; message: string; pos: [number, number] },
  rangeOf: (from: number, to: number) => Range,
  text: string,
): Diagnostic {
  const [from, to] = error.pos
  const base = {
    severity: 'error' as const,
    at: rangeOf(from, Math.max(from + 1, Math.min(to, endOfLine(text, from)))),
  }
  if (error.code === 'DUPLICATE_KEY')
    return {
      ...base,
      code: 'E101',
      message: 'this key is there twice',
      hint: 'YAML would take the last one; keep one of them',
    }
  if (
    text
      .slice(0, from + 1)
      .split('\n')
      .at(-1)
      ?.includes('\t') ||
    error.code === 'TAB_AS_INDENT'
  )
    return { ...base, code: 'E107', message: 'a tab stands where YAML wants spaces', hint: 'indent with spaces' }
  return { ...base, code: 'E100', message: `this is not YAML: ${error.message.replace(/ at line \d+.*$/s, '')}` }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}
