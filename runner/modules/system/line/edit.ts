import { failure } from '../../../language/diagnostic.ts'
import type { Edited } from '../edited.ts'

/** Which line, and where. */
export interface Edit {
  readonly line?: string
  readonly regexp?: string
  readonly insertafter?: string
  readonly insertbefore?: string
  readonly firstmatch?: boolean
  readonly backrefs?: boolean
}

/** The text without the lines that are meant. */
export function withoutLine(text: string, edit: Edit): Edited {
  const lines = linesOf(text)
  const expression = edit.regexp === undefined ? undefined : expressionOf(edit.regexp)
  const gone = lines.filter((raw) => (expression ? expression.test(bare(raw)) : bare(raw) === edit.line))
  return { text: lines.filter((raw) => !gone.includes(raw)).join(''), before: gone.map(bare) }
}

/** The text with the line in it. Applied to its own result it changes nothing, whatever the expressions are. */
export function withLine(text: string, edit: Edit & { readonly line: string }): Edited {
  const lines = linesOf(text)
  const same = { text, before: [] }
  const present = lines.some((raw) => bare(raw) === edit.line)
  if (edit.regexp === undefined) return present ? same : insert(lines, edit)
  const expression = expressionOf(edit.regexp)
  const index = pick(lines, expression, edit.firstmatch)
  if (index === -1) return present || edit.backrefs ? same : insert(lines, edit)
  // an expression that does not match the new line would else find the next old one at each run
  if (present && !edit.backrefs && !expression.test(edit.line)) return same
  const raw = lines[index] ?? ''
  const after = edit.backrefs ? expand(edit.line, expression.exec(bare(raw))) : edit.line
  if (after === bare(raw)) return same
  const ending = raw.slice(bare(raw).length)
  return { text: lines.with(index, after + ending).join(''), before: [bare(raw)], after }
}

function insert(lines: readonly string[], edit: Edit & { readonly line: string }): Edited {
  const ending = lines[0]?.endsWith('\r\n') ? '\r\n' : '\n'
  const at = position(lines, edit)
  const above = lines.slice(0, at)
  const last = above.at(-1)
  const gap = last === undefined || last.endsWith('\n') ? '' : ending
  return { text: [...above, gap, edit.line + ending, ...lines.slice(at)].join(''), before: [], after: edit.line }
}

export function position(lines: readonly string[], { insertafter, insertbefore, firstmatch }: Edit): number {
  if (insertbefore === 'BOF') return 0
  const anchor = insertbefore ?? insertafter
  if (anchor === undefined || anchor === 'EOF') return lines.length
  const index = pick(lines, expressionOf(anchor), firstmatch)
  if (index === -1) return lines.length
  return insertbefore === undefined ? index + 1 : index
}

export function pick(lines: readonly string[], expression: RegExp, first = false): number {
  const matches = (raw: string) => expression.test(bare(raw))
  return first ? lines.findIndex(matches) : lines.findLastIndex(matches)
}

/** With their ends, so that a file keeps those it has. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

export function bare(raw: string): string {
  return raw.replace(/\r?\n$/, '')
}

/** A regular expression; what Python writes differently from JavaScript is translated. */
export function expressionOf(text: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(text)
  const body = text
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll(/(?<!\\)\\A/g, '^')
    .replaceAll(/(?<!\\)\\Z/g, '$')
  try {
    return new RegExp(body, flags?.[1])
  } catch (cause) {
    throw failure('E753', `${JSON.stringify(text)} is no regular expression: ${(cause as Error).message}`, { cause })
  }
}

function expand(line: string, match: RegExpExecArray | null): string {
  return line.replaceAll(/\\(?:(\d)|g<(\w+)>)/g, (_, digit?: string, name?: string) => {
    const reference = digit ?? name ?? ''
    return (/^\d+$/.test(reference) ? match?.[Number(reference)] : match?.groups?.[reference]) ?? ''
  })
}
