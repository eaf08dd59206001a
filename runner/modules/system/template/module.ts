import type { ArgsOf, HostModule } from '../../module.ts'
import { accountsRead, pathEffect } from '../path-state.ts'
import { diffWritten, stepsWritten, undoWritten } from '../written.ts'
import { blankFile, parseWritten, probeWritten, type Written } from '../written-probe.ts'
import { returnedOfFile } from '../copy/returned.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

/** By the time the module sees it, `src` is the rendered text: a string, a secret or not known yet. */
export const module: HostModule<Args, Written> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  unsettled: ['sha256', 'backup_file'],
  probe: (want) => probeWritten(want.dest, want.src),
  parse: (output, want) => parseWritten(output, want.dest),
  blank: () => blankFile,
  diff: (want, have) => diffWritten(want, want.src, have),
  steps: (want, have, change) => stepsWritten(want, want.src, have, change),
  returned: (want, have, done) => returnedOfFile(want.dest, want.src, have, done),
  undo: (want, have) => undoWritten(want, want.src, have),
  effects: (want) => ({
    writes: [pathEffect(want.dest)],
    reads: [...accountsRead(want), ...(want.validate ? ['package:'] : [])],
  }),
}
