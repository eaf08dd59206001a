import { Secret } from '../../../secret.ts'
import type { HostModule } from '../../module.ts'
import { diffEdited, editing, stepsEdited } from '../edited.ts'
import type { TextFile } from '../text-probe.ts'
import { diff, part, type Want } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'

export const module: HostModule<Want, TextFile> = {
  ...editing(part),
  summary,
  args,
  returns,
  key,
  diff,
  /** The block is taken away if it is as the task left it. */
  undo(want, have) {
    const text = have.text ?? ''
    const edited = part.edit(want, text)
    const asLeft = edited instanceof Secret ? diffEdited(part, want, have).action === 'none' : edited.text === text
    if (have.type !== 'file' || want.state === 'absent' || !asLeft) return []
    const without = { ...want, state: 'absent' as const, backup: false }
    const change = diffEdited(part, without, have)
    return change.action === 'none' ? [] : stepsEdited(part, without, have, change)
  },
}
