import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { gone } from '../files.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Group {
  readonly gid: number
  readonly members: readonly string[]
  /** Users whose own group it is: while there are any, it cannot go. */
  readonly primaryOf: readonly string[]
}

// $1 name
const look = `
entry=$(getent group -- "$1") || exit 0
echo "$entry"
IFS=:
set -- $entry
getent passwd | awk -F: -v gid="$3" '$4 == gid { print $1 }'
`

export const module: HostModule<Args, Group | undefined> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ name }) => ({ kind: 'script', text: look, args: [name] }),
  parse: groupOf,
  blank: () => undefined,
  diff,
  steps,
  returned: ({ name }, have) => ({ name, ...(have && { gid: have.gid, members: have.members }) }),
  unsettled: ['gid', 'members'],
  undo: ({ name, state }, have) =>
    have && state !== 'absent' && have.primaryOf.length === 0 ? [{ kind: 'exec', argv: ['groupdel', name] }] : [],
  effects: ({ name, members }) => ({
    writes: [`group:${name}`, '/etc/group', '/etc/gshadow'],
    reads: firstUnknown(members ?? null) || members === undefined ? [] : members.map((user) => `user:${user}`),
  }),
}

function groupOf({ stdout }: Output): Group | undefined {
  const [entry = '', ...primaryOf] = stdout.split('\n').filter((line) => line !== '')
  if (entry === '') return undefined
  const [, , gid = '', members = ''] = entry.split(':')
  return { gid: Number(gid), members: members.split(',').filter((one) => one !== ''), primaryOf }
}

function diff(want: Args, have: Group | undefined): Change {
  const { name, gid, members, append, state } = want
  const unknown = firstUnknown(state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (state === 'absent') {
    if (have && have.primaryOf.length > 0)
      throw failure('E784', `the group ${name} cannot go: it is the own group of ${have.primaryOf.join(', ')}`, {
        hint: 'take the users away first, or give them another group (system.user)',
      })
    return gone(have !== undefined)
  }
  const listed = Array.isArray(members) ? members : []
  const open = have && members !== undefined ? firstUnknown(append ?? null) : undefined
  const there = have && {
    gid: have.gid,
    members: have.members.filter((one) => append === false || listed.includes(one)),
  }
  const change = compare({ gid, members }, there, { sets: ['members'] })
  if (open && change.action === 'none')
    return { action: 'unknown', fields: [{ path: 'append', known: false }], why: open.why }
  return change
}

function steps(want: Args, have: Group | undefined, change: Change): readonly Step[] {
  const { name, gid, system, members = [], state } = want
  const exec = (...argv: [string, ...string[]]): Step => ({ kind: 'exec', argv })
  if (state === 'absent') return [exec('groupdel', name)]
  const changed = (path: string): boolean => change.fields.some((field) => field.path === path)
  const number = gid === undefined ? [] : ['--gid', String(gid)]
  const all = want.append === false ? members : [...new Set([...(have?.members ?? []), ...members])]
  return [
    ...(have ? [] : [exec('groupadd', ...(system ? ['--system'] : []), ...number, name)]),
    ...(have && changed('gid') ? [exec('groupmod', ...number, name)] : []),
    // gpasswd(1) refuses a list with a user who is not there, and says whom
    ...(changed('members') && (have || members.length > 0) ? [exec('gpasswd', '--members', all.join(','), name)] : []),
  ]
}
