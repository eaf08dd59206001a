import { failure } from '../../../language/diagnostic.ts'
import type { Edited } from '../edited.ts'
import { bare, linesOf, position } from '../line/edit.ts'

/** Which block, and where. */
export interface BlockEdit {
  readonly block: string
  readonly begin: string
  readonly end: string
  readonly insertafter?: string
  readonly insertbefore?: string
  readonly firstmatch?: boolean
}

/** The text with the block in it, or with an empty one without it. Applied to its own result it changes nothing. */
export function withBlock(text: string, edit: BlockEdit): Edited {
  const lines = linesOf(text)
  const ending = lines[0]?.endsWith('\r\n') ? '\r\n' : '\n'
  const inner = edit.block.split(/\r?\n/)
  if (inner.at(-1) === '') inner.pop()
  if (inner.includes(edit.begin) || inner.includes(edit.end))
    throw failure('E753', 'the block holds one of its own markers', { hint: 'give it another `marker`' })
  const from = lines.findLastIndex((line) => bare(line) === edit.begin)
  const to = lines.findIndex((line, index) => index > from && bare(line) === edit.end)
  if (from === -1) {
    if (inner.length === 0) return { text, before: [] }
    const at = position(lines, edit)
    const above = lines.slice(0, at)
    const last = above.at(-1)
    const gap = last === undefined || last.endsWith('\n') ? '' : ending
    const block = [edit.begin, ...inner, edit.end].map((line) => line + ending)
    return { text: [...above, gap, ...block, ...lines.slice(at)].join(''), before: [], after: inner.join('\n') }
  }
  if (to === -1)
    throw failure('E789', `the block begins with “${edit.begin}” and ends nowhere`, {
      hint: `put “${edit.end}” where it ends, or take the beginning away`,
    })
  const before = lines.slice(from + 1, to).map(bare)
  const lastly = lines[to]?.endsWith('\n') ? ending : ''
  const block = inner.length === 0 ? [] : [edit.begin, ...inner].map((line) => line + ending)
  const close = inner.length === 0 ? [] : [edit.end + lastly]
  const edited = [...lines.slice(0, from), ...block, ...close, ...lines.slice(to + 1)].join('')
  return { text: edited, before, ...(inner.length > 0 && { after: inner.join('\n') }) }
}
