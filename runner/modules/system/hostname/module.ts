import type { Output, Step } from '../../../connections/connection.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { known } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { refuseSecrets } from '../words.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  /** What the kernel says. */
  readonly now: string
  /** What /etc/hostname says. */
  readonly later: string
  /** Names that /etc/hosts gives to 127.0.1.1. */
  readonly entry: string
}

// comments and empty lines of /etc/hostname do not count (hostname(5))
const look = `
echo "now $(uname -n)"
echo "later $(sed -n '/^[[:space:]]*#/d; s/[[:space:]]//g; /./{p;q;}' /etc/hostname 2>/dev/null)"
echo "entry $(awk '$1 == "127.0.1.1" { $1 = ""; sub(/^ /, ""); sub(/ *#.*/, ""); print; exit }' /etc/hosts 2>/dev/null)"
`

// $1 name. In containers both files are mounts of their own: they can be written, but not replaced.
const set = `
set -e
put() { new=$(mktemp "$1.XXXXXX"); cat >"$new"; chmod 0644 "$new"; mv -f "$new" "$1" 2>/dev/null || { cat "$new" >"$1"; rm -f "$new"; }; }
[ "$2" = no ] || printf '%s\\n' "$1" | put /etc/hostname
[ "$3" = no ] || hostname -- "$1"
[ "$4" = no ] || {
  { [ ! -e /etc/hosts ] || cat /etc/hosts; } | awk -v entry="127.0.1.1 $4" '
    $1 == "127.0.1.1" { if (!done) print entry; done = 1; next }
    { print }
    END { if (!done) print entry }' | put /etc/hosts
}
`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: () => ({ kind: 'script', text: look }),
  parse,
  blank: () => ({ now: '', later: '', entry: '' }),
  diff,
  steps(want, _have, change): readonly Step[] {
    const changed = (path: string): boolean => change.fields.some((field) => field.path === path)
    const given = (path: string, text: string): string => (changed(path) ? text : 'no')
    const words = [given('at_start', 'yes'), given('name', 'yes'), given('hosts_entry', entryOf(want.name))]
    return [{ kind: 'script', text: set, args: [want.name, ...words] }]
  },
  returned: ({ name }) => ({ name }),
  effects: () => ({ writes: ['/etc/hostname', '/etc/hosts', 'hostname:'] }),
}

function parse({ stdout }: Output): Have {
  const said = (name: string): string =>
    stdout
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1)
      .trim()
      .replaceAll(/\s+/g, ' ') ?? ''
  return { now: said('now'), later: said('later'), entry: said('entry') }
}

/** `name` is the kernel's, `at_start` that of /etc/hostname. */
function diff(want: Args, have: Have): Change {
  refuseSecrets(want, 'name')
  const { name, hosts_entry = true } = want
  const entry = known(hosts_entry, (wanted) => (wanted ? known(name, entryOf) : undefined))
  return compare(
    { name, at_start: name, hosts_entry: entry },
    { name: have.now, at_start: have.later, hosts_entry: have.entry },
  )
}

function entryOf(name: string): string {
  const [short = name] = name.split('.')
  return short === name ? name : `${name} ${short}`
}
