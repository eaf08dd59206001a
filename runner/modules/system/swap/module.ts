import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, known, type Unknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { gone } from '../files.ts'
import { fstabEscaped, fstabStep, parseMounted, tableFunctions } from '../fstab.ts'
import { absent, normalPath, parseStat, refuseDenied, statFormat, type PathState } from '../path-state.ts'
import { refuseSecrets } from '../words.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly file: PathState
  /** Its priority while it is used. */
  readonly priority: number | undefined
  /** Its options in /etc/fstab. */
  readonly entry: string | undefined
}

// $1 path; $2 path as the tables write it
const look = `${tableFunctions}
LC_ALL=C
export LC_ALL
if [ -e "$1" ] || [ -L "$1" ]; then echo "file $(stat -c '${statFormat}' "$1")"; else ls -d "$1" >/dev/null; fi
text=$2 awk '$1 == ENVIRON["text"] { print "used", $5 }' /proc/swaps
entry=$(entries 1 "$2" | tail -n 1)
[ -z "$entry" ] || printf 'entry %s\\n' "$entry"
exit 0
`

// $1 path; $2 bytes. It is written in full: a file with holes cannot be used (swapon(8)).
const make = `
set -e
! grep -q "^$(printf %s "$3" | sed 's/[][\\\\.*^$/]/\\\\&/g')[[:space:]]" /proc/swaps || swapoff -- "$1"
rm -f -- "$1"
free=$(df -P -B1 -- "\${1%/*}/" | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$2" ] || { echo "there are only $free bytes left for a swap file of $2" >&2; exit 1; }
umask 077
: >"$1"
chattr +C -- "$1" 2>/dev/null || :
dd if=/dev/zero of="$1" bs=1M count=$(($2 / 1048576)) conv=fsync status=none
mkswap -- "$1" >/dev/null
`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 5,
  probe: (want) => ({ kind: 'script', text: look, args: [pathOf(want), fstabEscaped(pathOf(want))] }),
  parse,
  blank: () => ({ file: absent, priority: undefined, entry: undefined }),
  diff,
  steps,
  returned: (want, { file }) => ({ path: pathOf(want), size_mb: Math.round((file.size ?? 0) / 1_048_576) }),
  unsettled: ['size_mb'],
  undo: (want, have) => (want.state === 'absent' ? [] : removal(want, have)),
  effects: (want) => ({ writes: [pathOf(want), '/etc/fstab', 'swap:'] }),
  timeout: 1800,
}

function pathOf({ path = '/swapfile' }: Args): string {
  return normalPath(path)
}

function parse(output: Output, want: Args): Have {
  refuseDenied(output, pathOf(want))
  const lines = output.stdout.split('\n')
  const said = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1)
  const [file, used, entry] = [said('file'), said('used'), said('entry')]
  return {
    file: file === undefined ? absent : parseStat(file),
    priority: used === undefined ? undefined : Number(used),
    entry: entry === undefined ? undefined : parseMounted(entry).opts,
  }
}

function diff(want: Args, have: Have): Change {
  const path = pathOf(want)
  refuseSecrets(want, 'size')
  const unknown = firstUnknown(want.state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (have.file.type !== 'absent' && have.file.type !== 'file')
    throw failure('E751', `${path} is a ${have.file.type}, not a file`)
  if (want.state === 'absent')
    return gone(have.file.type !== 'absent' || have.priority !== undefined || have.entry !== undefined)
  if (want.size === undefined) throw failure('E753', '`state: present` needs `size`')
  const wanted = {
    size: known(want.size as string | Unknown, (size) => `${bytesOf(size) / 1_048_576}M`),
    mode: '0600',
    used: true,
    at_start: known(want.priority as number | undefined | Unknown, options),
    priority: want.priority,
  }
  if (have.file.type === 'absent') return compare({ size: wanted.size, priority: want.priority }, undefined)
  return compare(wanted, {
    size: `${(have.file.size ?? 0) / 1_048_576}M`,
    mode: have.file.mode,
    used: have.priority !== undefined,
    at_start: have.entry,
    priority: have.priority,
  })
}

function options(priority: number | undefined): string {
  return priority === undefined ? 'sw' : `sw,pri=${priority}`
}

function bytesOf(size: string): number {
  const unit = size.endsWith('G') ? 1024 : 1
  return Math.round(Number(size.slice(0, -1)) * unit) * 1_048_576
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  if (want.state === 'absent') return removal(want, have)
  const path = pathOf(want)
  const exec = (...argv: [string, ...string[]]): Step => ({ kind: 'exec', argv })
  const changed = (name: string): boolean =>
    change.action === 'create' || change.fields.some((field) => field.path === name)
  const priority = want.priority === undefined ? [] : ['--priority', String(want.priority)]
  const again = !changed('size') && changed('priority') && have.priority !== undefined
  const entry = `${fstabEscaped(path)} none swap ${options(want.priority)} 0 0`
  return [
    ...(changed('size')
      ? [{ kind: 'script', text: make, args: [path, String(bytesOf(want.size ?? '')), fstabEscaped(path)] } as const]
      : []),
    ...(!changed('size') && changed('mode') ? [exec('chmod', '0600', '--', path)] : []),
    ...(again ? [exec('swapoff', '--', path)] : []),
    ...(changed('size') || changed('used') || again ? [exec('swapon', ...priority, '--', path)] : []),
    ...(change.action === 'create' || changed('at_start') ? [fstabStep('src', fstabEscaped(path), entry)] : []),
  ]
}

function removal(want: Args, have: Have): readonly Step[] {
  const path = pathOf(want)
  return [
    ...(have.priority === undefined ? [] : [{ kind: 'exec', argv: ['swapoff', '--', path] } as const]),
    ...(have.entry === undefined ? [] : [fstabStep('src', fstabEscaped(path), '')]),
    ...(have.file.type === 'absent' ? [] : [{ kind: 'exec', argv: ['rm', '-f', '--', path] } as const]),
  ]
}
