import type { Output, Step } from '../../../connections/connection.ts'
import type { Change } from '../../../plan/change.ts'
import type { Secret } from '../../../secret.ts'
import type { HostModule } from '../../module.ts'
import { fstabEscaped, fstabStep, parseMounted, tableFunctions } from '../fstab.ts'
import { madeOf } from '../made-text.ts'
import { normalPath } from '../path-state.ts'
import { diff, type Args, type Have } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'

// $1 path as the tables write it; $2 path; $3 src or ''
const look = `${tableFunctions}
real() { case $1 in UUID=*|LABEL=*|PARTUUID=*|PARTLABEL=*) findfs "$1" 2>/dev/null || echo "$1" ;; /*) readlink -f "$1" || echo "$1" ;; *) echo "$1" ;; esac; }
entry=$(entries 2 "$1" | tail -n 1)
[ -z "$entry" ] || printf 'entry %s\\n' "$entry"
live=$(mounts "$1")
[ "$live" ] || exit 0
printf 'live %s\\n' "$live"
source=$(printf '%b' "$(printf %s "\${live%% *}" | sed 's/\\\\\\([0-7]\\)/\\\\0\\1/g')")
if [ -z "$3" ] || [ "$(real "$source")" = "$(real "$3")" ]; then echo same
elif [ -d "$3" ] && [ "$(stat -Lc %d:%i "$3")" = "$(stat -Lc %d:%i "$2")" ]; then echo same; fi
`

// $1 path
const mountIt = `
mkdir -p -- "$1" || exit
timeout 120 mount -- "$1"
code=$?
[ $code -ne 124 ] || echo 'it did not answer within 120 s' >&2
exit $code
`
// not every file system can change its options while it is mounted
const remount = `timeout 120 mount -o remount -- "$1" || { timeout 120 umount -- "$1" && timeout 120 mount -- "$1"; }`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ path, src }) => ({
    kind: 'script',
    text: look,
    args: [fstabEscaped(normalPath(path)), normalPath(path), typeof src === 'string' ? src : ''],
  }),
  parse,
  blank: () => ({ entry: undefined, live: undefined, sameSource: false }),
  diff,
  steps,
  returned: ({ path }, { live }) => ({ path: normalPath(path), src: live?.src ?? '', opts: live?.opts ?? '' }),
  unsettled: ['src', 'opts'],
  undo: ({ path, state = 'mounted' }, have) => (state === 'mounted' || state === 'present' ? removal(path, have) : []),
  effects: ({ path, src }) => ({
    writes: ['/etc/fstab', normalPath(path)],
    reads: ['package:', ...(typeof src === 'string' && src.startsWith('/') ? [normalPath(src)] : [])],
  }),
}

function parse({ stdout }: Output): Have {
  const lines = stdout.split('\n')
  const said = (name: string) => {
    const line = lines.find((one) => one.startsWith(`${name} `))
    return line === undefined ? undefined : parseMounted(line.slice(name.length + 1))
  }
  return { entry: said('entry'), live: said('live'), sameSource: lines.includes('same') }
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  const { state = 'mounted' } = want
  const path = normalPath(want.path)
  const unmount: Step = { kind: 'exec', argv: ['timeout', '120', 'umount', '--', path] }
  if (state === 'unmounted') return [unmount]
  if (state === 'absent') return removal(path, have)
  const changed = (...names: readonly string[]) => change.fields.some((field) => names.includes(field.path))
  const other = have.live !== undefined && (!have.sameSource || (changed('fstype') && have.entry !== undefined))
  const script = (text: string): Step => ({ kind: 'script', text, args: [path] })
  return [
    ...(state === 'mounted' && other ? [unmount] : []),
    ...(change.action === 'create' || changed('src', 'fstype', 'opts', 'dump', 'passno')
      ? [fstabStep('path', fstabEscaped(path), line({ ...want, path }))]
      : []),
    ...(state === 'mounted' && (other || !have.live) ? [script(mountIt)] : []),
    ...(state === 'mounted' && !other && have.live && changed('opts', 'active_opts') ? [script(remount)] : []),
  ]
}

function line(want: Args): string | Secret {
  const columns = ({ src = '', path, fstype = '', opts = 'defaults', dump = 0, passno = 0 }: Args): string =>
    [fstabEscaped(src), fstabEscaped(path), fstype, fstabEscaped(opts), dump, passno].join(' ')
  return madeOf(want, columns) as string | Secret
}

function removal(path: string, have: Have): readonly Step[] {
  return [
    ...(have.live ? [{ kind: 'exec', argv: ['timeout', '120', 'umount', '--', normalPath(path)] } as const] : []),
    ...(have.entry ? [fstabStep('path', fstabEscaped(normalPath(path)), '')] : []),
  ]
}
