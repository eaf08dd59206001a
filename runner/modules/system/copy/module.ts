import type { Script, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import { Unknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { LocalFile } from '../../local-file.ts'
import { accountsRead, attributesWanted, normalPath, pathEffect } from '../path-state.ts'
import { attributeSteps, backupSteps, diffWritten, rewritten, stepsWritten, undoWritten } from '../written.ts'
import { blankFile, parseWritten, probeWritten, type Content, type Written } from '../written-probe.ts'
import { returnedOfFile } from './returned.ts'
import { args, key, returns, summary } from './schema.ts'

/** `src` is its name as long as nothing is read (`plan --offline`). */
type Args = Omit<ArgsOf<typeof args>, 'src'> & { readonly src?: LocalFile | string | Unknown }

export const module: HostModule<Args, Written> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  unsettled: ['sha256', 'backup_file'],
  probe: (want) => probeWritten(want.dest, contentOf(want), want.remote_src),
  parse: (output, want) => parseWritten(output, want.dest),
  blank: () => blankFile,
  diff,
  steps(want, have, change) {
    if (want.remote_src !== undefined) return copyThere(want, have, change)
    const sent = want.src instanceof LocalFile ? want.src.sent() : want.content
    return stepsWritten(want, sent ?? '', have, change)
  },
  returned: (want, have, done) => returnedOfFile(want.dest, contentOf(want, have), have, done),
  undo: (want, have) => undoWritten(want, contentOf(want, have), have),
  effects: (want) => ({
    writes: [pathEffect(want.dest)],
    reads: [
      ...accountsRead(want),
      ...(want.remote_src === undefined ? [] : [pathEffect(want.remote_src)]),
      ...(want.validate ? ['package:'] : []),
    ],
  }),
}

function contentOf(want: Args, have?: Written): Content {
  if (want.remote_src !== undefined) return have?.source ?? new Unknown(`${want.remote_src} is there`)
  if (want.src === undefined) return want.content ?? ''
  return typeof want.src === 'string' ? new Unknown(`${want.src} is read`) : want.src
}

function diff(want: Args, have: Written): Change {
  if (want.remote_src !== undefined) {
    if (want.validate !== undefined)
      throw failure('E753', '`validate` is for files that are sent, not for `remote_src`')
    if (have.source === undefined && !have.assumed)
      throw failure('E756', `${want.remote_src} is not there`, {
        hint: '`remote_src` is a file on the host; `src` is one beside the playbook',
      })
  }
  return diffWritten(want, contentOf(want, have), have)
}

// $1 source; $2 destination; $3 owner, `:group` or both, or ''; $4 mode
const place = `
set -e
new=$(mktemp "$2.XXXXXX")
trap 'rm -f "$new"' EXIT
cat "$1" >"$new"
[ -z "$3" ] || chown "$3" "$new"
chmod "$4" "$new"
mv -f "$new" "$2"
`

function copyThere(want: Args, have: Written, change: Change): readonly Step[] {
  const path = normalPath(want.dest)
  if (!rewritten(change)) return attributeSteps(want, path, change)
  const replaced = have.type === 'file' ? have : undefined
  const { owner = replaced?.uid, group = replaced?.gid, mode = replaced?.mode ?? '0644' } = attributesWanted(want)
  const account = `${owner === undefined ? '' : String(owner)}${group === undefined ? '' : `:${String(group)}`}`
  const copy: Script = { kind: 'script', text: place, args: [want.remote_src ?? '', path, account, String(mode)] }
  return [...backupSteps(want, have, path), copy]
}
