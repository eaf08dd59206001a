import type { Output } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly now: string
  /** What /etc/timezone says, where there is that file: Debian's packages read it. */
  readonly named: string | undefined
  readonly known: boolean
  readonly database: boolean
}

// $1 name. A link is the way localtime(5) knows; a copy is told by what it holds.
const look = `
zones=/usr/share/zoneinfo
now=$(readlink /etc/localtime)
case $now in */zoneinfo/*) now=\${now##*/zoneinfo/} ;; *) if cmp -s /etc/localtime "$zones/$1"; then now="a copy of $1"; fi ;; esac
echo "now $now"
[ ! -e /etc/timezone ] || echo "named $(head -n 1 /etc/timezone)"
[ ! -f "$zones/$1" ] || echo known
[ ! -d "$zones" ] || echo database
exit 0
`

// $1 name
const set = `
set -e
ln -snf "/usr/share/zoneinfo/$1" /etc/localtime
[ ! -e /etc/timezone ] || printf '%s\\n' "$1" >/etc/timezone
`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ name }) => ({ kind: 'script', text: look, args: [name] }),
  parse,
  blank: () => ({ now: '', named: undefined, known: true, database: true }),
  diff,
  steps: ({ name }) => [{ kind: 'script', text: set, args: [name] }],
  returned: ({ name }) => ({ name }),
  effects: () => ({ writes: ['/etc/localtime', '/etc/timezone'], reads: ['package:'] }),
}

function parse({ stdout }: Output): Have {
  const lines = stdout.split('\n')
  const said = (word: string): string | undefined =>
    lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1)
  return {
    now: said('now') ?? '',
    named: said('named'),
    known: lines.includes('known'),
    database: lines.includes('database'),
  }
}

/** `name` is what /etc/localtime leads to, `timezone_file` what /etc/timezone says. */
function diff({ name }: Args, have: Have): Change {
  if (!have.database)
    throw failure('E777', 'the host knows no time zones', { hint: 'install the package tzdata by a task before' })
  if (!have.known)
    throw failure('E753', `there is no time zone ${name}`, {
      hint: 'names are those of /usr/share/zoneinfo; old ones (`US/Eastern`) are in the package tzdata-legacy',
    })
  const now = have.now.replace(/^a copy of /, '')
  return compare(
    { name, timezone_file: have.named === undefined ? undefined : name },
    { name: now === 'UTC' && name === 'Etc/UTC' ? name : now, timezone_file: have.named },
  )
}
