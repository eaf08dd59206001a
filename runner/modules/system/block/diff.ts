import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import { hasSecret } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { diffEdited, type Edited, type Part } from '../edited.ts'
import type { TextFile } from '../text-probe.ts'
import { withBlock, type BlockEdit } from './edit.ts'
import type { args } from './schema.ts'

export type Want = Wanted<ArgsOf<typeof args>, 'path'>

export const part: Part<Want> = {
  name: 'block',
  deciding: (want) => decidingNames.map((name) => want[name]),
  edit,
}

const places = ['marker', 'marker_begin', 'marker_end', 'insertafter', 'insertbefore'] as const
const decidingNames = ['block', ...places] as const

/** What is to change about the file: the lines of the block, and who owns it. */
export function diff(want: Want, have: TextFile): Change {
  if (want.block === undefined && (want.state ?? 'present') === 'present')
    throw failure('E753', '`state: present` needs `block`')
  for (const name of places) if (hasSecret(want[name])) throw failure('E753', `\`${name}\` may not hold a secret`)
  return diffEdited(part, want, have)
}

function edit(want: Want, text: string): Edited | Secret {
  const marker = String(want.marker ?? '# {mark} MANAGED BLOCK')
  const how: Omit<BlockEdit, 'block'> = {
    ...(want as unknown as BlockEdit),
    begin: marker.replace('{mark}', String(want.marker_begin ?? 'BEGIN')),
    end: marker.replace('{mark}', String(want.marker_end ?? 'END')),
  }
  if (how.begin === how.end) throw failure('E753', 'the markers above and below the block are the same')
  const block = want.state === 'absent' ? '' : want.block
  if (block instanceof Secret) return block.map((known) => withBlock(text, { ...how, block: known }).text)
  return withBlock(text, { ...how, block: String(block) })
}
