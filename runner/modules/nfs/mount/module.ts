import type { Output, Step } from '../../../connections/connection.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly mounted: string | undefined
  readonly entry: { readonly src: string; readonly options: string } | undefined
}

const recommended = 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev'

// $1 path. In fstab and /proc/mounts a space is written \\040 (fstab(5)); awk is given the path in that form.
const look = `
LC_ALL=C awk -v path="$1" '$2 == path && $3 ~ /^nfs/ { print "mounted", $1 }' /proc/mounts
LC_ALL=C awk -v path="$1" '$1 !~ /^#/ && $2 == path { print "entry", $1, $4 }' /etc/fstab 2>/dev/null
exit 0
`

// $1 path as in fstab, $2 the new line or ''
const entry = `
set -e
new=$(mktemp /etc/.fstab.XXXXXX)
trap 'rm -f "$new"' EXIT
LC_ALL=C awk -v path="$1" '$1 ~ /^#/ || $2 != path' /etc/fstab >"$new"
[ -z "$2" ] || printf '%s\\n' "$2" >>"$new"
chmod 0644 "$new"
mv "$new" /etc/fstab
trap - EXIT
command -v systemctl >/dev/null && systemctl daemon-reload || :
`

// a dead server must not hang the run: soft mounting is no remedy, a limit is
const mount = `
mkdir -p "$1"
grep -q nfs4 /proc/filesystems || modprobe nfs 2>/dev/null || { echo 'the kernel of this host has no NFS client' >&2; exit 1; }
command -v mount.nfs4 >/dev/null || { echo 'mount.nfs4 is missing: install the package nfs-common' >&2; exit 1; }
timeout 60 mount "$1"
code=$?
[ $code -ne 124 ] || echo 'the NFS server did not answer within 60 s: is port 2049 open for this host?' >&2
exit $code
`

function inFstab(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('\t', '\\011')
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  // awk takes escapes of its own out of -v
  probe: ({ path }) => ({ kind: 'script', text: look, args: [inFstab(path).replaceAll('\\', '\\\\')] }),
  parse,
  blank: () => ({ mounted: undefined, entry: undefined }),
  diff,
  steps,
  returned: ({ path }) => ({ path }),
  undo: ({ path }, have) => (have.mounted === undefined && !have.entry ? [] : removal(path, have)),
  effects: ({ path }) => ({ writes: ['/etc/fstab', path], reads: ['package:nfs-common'] }),
  timeout: 120,
}

function parse({ stdout }: Output): Have {
  const lines = stdout.split('\n').map((line) => line.split(' '))
  const mounted = lines.find(([kind]) => kind === 'mounted')?.[1]
  const found = lines.find(([kind]) => kind === 'entry')
  return { mounted, entry: found && { src: found[1] ?? '', options: found[2] ?? '' } }
}

function diff(want: Args, have: Have): Change {
  const { src, options, state } = want
  const unknown = firstUnknown(state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (state === 'absent')
    return have.mounted === undefined && !have.entry
      ? { action: 'none', fields: [] }
      : { action: 'delete', fields: [{ path: 'state', before: 'mounted', after: 'absent', known: true }] }
  const wanted = { src, options: options ?? recommended, mounted: state === 'present' ? undefined : true }
  if (!have.entry && have.mounted === undefined) return compare(wanted, undefined)
  return compare(
    wanted,
    {
      src: have.entry?.src,
      options: have.entry?.options,
      mounted: have.mounted !== undefined && have.mounted === (have.entry?.src ?? have.mounted),
    },
    { disruption: { src: 'restart', options: 'restart' } },
  )
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  const { src, path, options = recommended, state } = want
  if (state === 'absent') return removal(path, have)
  const entryOf = (text: string): string => `${inFstab(text)} ${inFstab(path)} nfs4 ${String(options)} 0 0`
  const from = src as string | Secret
  const line = from instanceof Secret ? from.map(entryOf) : entryOf(from)
  const again =
    have.mounted !== undefined && change.fields.some((field) => field.path === 'src' || field.path === 'options')
  return [
    { kind: 'script', text: entry, args: [inFstab(path).replaceAll('\\', '\\\\'), line] },
    ...(again ? [{ kind: 'exec', argv: ['timeout', '60', 'umount', path] } as const] : []),
    ...(state === 'present' ? [] : [{ kind: 'script', text: mount, args: [path] } as const]),
  ]
}

function removal(path: string, have: Have): readonly Step[] {
  return [
    ...(have.mounted === undefined ? [] : [{ kind: 'exec', argv: ['timeout', '60', 'umount', path] } as const]),
    { kind: 'script', text: entry, args: [inFstab(path).replaceAll('\\', '\\\\'), ''] },
  ]
}
