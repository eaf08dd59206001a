import { createHash } from 'node:crypto'
import type { Script } from '../../../connections/connection.ts'
import { Secret } from '../../../secret.ts'
import type { HostModule } from '../../module.ts'
import { absent, accountsRead, normalPath, pathEffect } from '../path-state.ts'
import { stepsWritten } from '../written.ts'
import { diff, edit } from './diff.ts'
import { parse, probe, type Args, type Have } from './probe.ts'
import { args, key, returns, summary } from './schema.ts'

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  unsettled: ['backup_file'],
  probe,
  parse,
  blank: (want) => ({ ...absent, real: String(want.path), assumed: true }),
  diff,
  steps(want, have, change) {
    const text = have.text ?? ''
    const edited = edit(want, text)
    const content = edited instanceof Secret ? edited : edited.text
    const rewritten = change.fields.some((field) => field.path === 'line')
    const asContent = rewritten ? { ...change, fields: [...change.fields, { path: 'content', known: true }] } : change
    const steps = stepsWritten({ ...want, dest: have.real }, content, have, asContent)
    return rewritten && have.type === 'file' ? [unmoved(have.real, text), ...steps] : steps
  },
  returned(want, _have, done) {
    const backup = done?.find((output) => output.stdout.endsWith('~\n'))?.stdout.trim()
    return { path: normalPath(want.path), backup_file: backup ?? '' }
  },
  effects: (want) => ({
    writes: [pathEffect(want.path)],
    reads: [...accountsRead(want), ...(want.validate ? ['package:'] : [])],
  }),
}

// $1 file; $2 SHA-256 of the text in which the line was put
const compareAgain = `
sum=$(sha256sum <"$1")
[ "\${sum%% *}" = "$2" ] && exit 0
echo "$1 was changed by somebody else while this was under way" >&2
exit 1
`

/** The whole file is written, so what somebody else put into it since it was read would be lost. */
function unmoved(path: string, text: string): Script {
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { kind: 'script', text: compareAgain, args: [path, sha256] }
}
