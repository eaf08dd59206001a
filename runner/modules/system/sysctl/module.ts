import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, known, type Unknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { diffFiles, filesFunction, gone, parseFiles, removalOfFiles, stepsForFiles, type OwnFile } from '../files.ts'
import { absent } from '../path-state.ts'
import type { Written } from '../written-probe.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly file: Written
  /** What the kernel says; undefined: there is no such setting. */
  readonly live: string | undefined
  readonly assumed?: true
}

// $1 file; $2 path below /proc/sys
const look = `${filesFunction}
files "$1"
if [ -e "/proc/sys/$2" ]; then echo "live $(tr '\\n' ' ' <"/proc/sys/$2" 2>/dev/null)"; fi
exit 0
`

// $1 path below /proc/sys; $2 value. The kernel's own sentence says what was wrong with it.
const set = `printf '%s\\n' "$2" >"/proc/sys/$1"`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: (want) => ({ kind: 'script', text: look, args: [fileOf(want), pathOf(want.name)] }),
  parse,
  blank: () => ({ file: absent, live: '', assumed: true }),
  diff,
  steps(want, have, change): readonly Step[] {
    if (want.state === 'absent') return removalOfFiles([fileOf(want)], [have.file])
    const value = valueOf(want.value)
    const live = change.fields.some((field) => field.path === 'value')
    return [
      ...(live ? [{ kind: 'script', text: set, args: [pathOf(want.name), value as string] } as const] : []),
      ...stepsForFiles([ownFile(want)], [have.file]),
    ]
  },
  returned: (_want, have) => ({ value: have.live ?? '' }),
  unsettled: ['value'],
  // what counts now is left: nobody knows what it was before
  undo: (want, have) => (want.state === 'absent' ? [] : removalOfFiles([fileOf(want)], [have.file])),
  effects: (want) => ({ writes: [fileOf(want), `sysctl:${pathOf(want.name)}`], reads: ['package:'] }),
}

function parse({ stdout, stderr }: Output, want: Args): Have {
  const [file = absent] = parseFiles(stdout, stderr, [fileOf(want)])
  const live = stdout.split('\n').find((line) => line.startsWith('live '))
  return { file, live: live === undefined ? undefined : spaced(live.slice('live '.length)) }
}

function diff(want: Args, have: Have): Change {
  const { name, value, state, live = true } = want
  const unknown = firstUnknown(state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (state === 'absent') return gone(have.file.type !== 'absent')
  if (value === undefined) throw failure('E753', '`state: present` needs `value`')
  if (have.live === undefined && live === true)
    throw failure('E756', `the kernel of this host has no setting ${name}`, {
      hint: 'the module that brings it may have to be loaded first; `live: false` only writes the file',
    })
  const now = compare({ value: known(live, (wanted) => (wanted ? valueOf(value) : undefined)) }, { value: have.live })
  const later = diffFiles([ownFile(want)], [have.file])
  const fields = [...now.fields, ...later.fields]
  if (later.action === 'create') return { action: 'create', fields }
  return now.action === 'none' || later.action === 'update' ? { ...later, fields } : { ...now, fields }
}

function ownFile(want: Args): OwnFile {
  const value = valueOf(want.value)
  const text = (known: string): string => `${want.name} = ${known}\n`
  const content = value instanceof Secret ? value.map(text) : known(value as string | Unknown, text)
  return { name: 'at_start', path: fileOf(want), content, mode: '0644' }
}

/** sysctl.d(5): values are compared without what the kernel makes of their spaces. */
function valueOf(value: unknown): unknown {
  if (value instanceof Secret) return value.map(spaced)
  return typeof value === 'number' || typeof value === 'string' ? spaced(String(value)) : value
}

function spaced(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

/** sysctl.d(5): if the first separator is a dot, dots and slashes change places to make the path; else it is the path. */
function pathOf(name: string): string {
  const first = /[./]/.exec(name)?.[0]
  return first === '.' ? name.replaceAll(/[./]/g, (one) => (one === '.' ? '/' : '.')) : name
}

function fileOf({ name, file }: Args): string {
  return file ?? `/etc/sysctl.d/99-zz-${pathOf(name).replaceAll('/', '.')}.conf`
}
