import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import { hasSecret } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { diffEdited, type Edited, type Part } from '../edited.ts'
import type { TextFile } from '../text-probe.ts'
import { withLine, withoutLine, type Edit } from './edit.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>
export type Want = Wanted<Args, 'path'>

export const part: Part<Want> = {
  name: 'line',
  deciding: ({ line, regexp, insertafter, insertbefore }) => [line, regexp, insertafter, insertbefore],
  edit,
}

/** What is to change about the file: one line, and who owns it. */
export function diff(want: Want, have: TextFile): Change {
  if (want.line === undefined && (want.state ?? 'present') === 'present')
    throw failure('E753', '`state: present` needs `line`')
  for (const name of ['regexp', 'insertafter', 'insertbefore'] as const)
    if (hasSecret(want[name])) throw failure('E753', `\`${name}\` may not hold a secret`)
  return diffEdited(part, want, have)
}

/** The text as it is to be; a secret one if the line is secret. What is wanted is known here. */
function edit(want: Want, text: string): Edited | Secret {
  const { line } = want
  const how = want as unknown as Edit
  if (line instanceof Secret)
    return line.map((known) => (want.state === 'absent' ? withoutLine : withLine)(text, { ...how, line: known }).text)
  if (want.state === 'absent') return withoutLine(text, how)
  return withLine(text, { ...how, line: String(line) })
}
