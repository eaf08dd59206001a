import type { Output, Step } from '../../../connections/connection.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { pathEffect } from '../path-state.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Account {
  readonly uid: number
  readonly group: string
  readonly groups: readonly string[]
  readonly shell: string
  readonly home: string
  readonly comment: string
  /** Without the mark of a locked one. Only root may read it. */
  readonly hash: Secret | undefined
  /** Undefined: that may not be read. */
  readonly locked: boolean | undefined
  readonly expires: string | undefined
  /** One logs in as it to do all this. */
  readonly login: boolean
}

// $1 name
const look = `
getent passwd -- "$1" || exit 0
id -gn -- "$1"
id -Gn -- "$1"
getent shadow -- "$1" 2>/dev/null | cut -d: -f2,8
if [ "$1" = "\${SUDO_USER:-$(id -un)}" ]; then echo login; fi
`

export const module: HostModule<Args, Account | undefined> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ name }) => ({ kind: 'script', text: look, args: [name] }),
  parse: accountOf,
  blank: () => undefined,
  diff,
  steps,
  returned: ({ name }, have) => ({ name, ...(have && { uid: have.uid, home: have.home }) }),
  unsettled: ['uid', 'home'],
  undo: ({ name, state }, have) =>
    // whoever manages root, or the user one logs in as, did not make it
    have && state !== 'absent' && have.uid !== 0 && !have.login
      ? [{ kind: 'exec', argv: ['userdel', '--', name] }]
      : [],
  regroups: ({ action, fields }) => action === 'create' || fields.some((field) => field.path === 'groups'),
  effects: ({ name, group, groups, home }) => ({
    // a new user gets a group of his name, and a home
    writes: [
      `user:${name}`,
      `group:${name}`,
      '/etc/passwd',
      '/etc/group',
      '/etc/shadow',
      home === undefined ? `/home/${name}` : pathEffect(home),
    ],
    reads: firstUnknown([group ?? null, groups ?? null])
      ? []
      : [...(group === undefined ? [] : [`group:${group}`]), ...(groups ?? []).map((one) => `group:${one}`)],
  }),
}

function accountOf({ stdout }: Output): Account | undefined {
  const [entry = '', group = '', groups = '', ...rest] = stdout.split('\n')
  if (entry === '') return undefined
  const [shadow = ''] = rest.filter((line) => line !== 'login')
  const [hash = '', days = ''] = shadow.split(':')
  const [, , uid = '', , comment = '', home = '', shell = ''] = entry.split(':')
  return {
    uid: Number(uid),
    group,
    groups: groups.split(' ').filter((one) => one !== '' && one !== group),
    shell,
    home,
    comment,
    hash: hash === '' ? undefined : new Secret(hash.replace(/^!+(?=.)/, '')),
    locked: shadow === '' ? undefined : hash.startsWith('!'),
    // days since 1970 (shadow(5))
    expires:
      shadow === ''
        ? undefined
        : days === ''
          ? 'never'
          : new Date(Number(days) * 86_400_000).toISOString().slice(0, 10),
    login: rest.includes('login'),
  }
}

function diff(want: Args, have: Account | undefined): Change {
  const unknown = firstUnknown(want.state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (want.state === 'absent')
    return have
      ? { action: 'delete', fields: [{ path: 'state', before: 'present', after: 'absent', known: true }] }
      : { action: 'none', fields: [] }
  const { uid, group, groups, shell, home, comment, locked, expires, password_hash } = want
  // with append, groups that the user is in besides do not count; his own he is in anyway
  const listed = Array.isArray(groups) ? groups : []
  const relevant = have && [
    ...have.groups.filter((one) => want.append === false || listed.includes(one)),
    ...(listed.includes(have.group) ? [have.group] : []),
  ]
  const wanted = { uid, group, groups, shell, home, comment, locked, expires, password_hash }
  const there = have && {
    uid: have.uid,
    group: have.group,
    groups: relevant,
    shell: have.shell,
    home: have.home,
    comment: have.comment,
    locked: have.locked,
    expires: have.expires,
    password_hash: have.hash,
  }
  const change = compare(wanted, there, { sets: ['groups'] })
  const open = have && groups !== undefined ? firstUnknown(want.append ?? null) : undefined
  if (open && change.action === 'none')
    return { action: 'unknown', fields: [{ path: 'append', known: false }], why: open.why }
  return {
    ...change,
    fields: change.fields.map((field) =>
      field.path === 'password_hash'
        ? {
            ...field,
            sensitive: true as const,
            ...(field.before !== undefined && { before: '[secret]' }),
            ...(field.after !== undefined && { after: '[secret]' }),
          }
        : field,
    ),
  }
}

function steps(want: Args, have: Account | undefined, change: Change): readonly Step[] {
  const { name } = want
  if (want.state === 'absent')
    return [{ kind: 'exec', argv: ['userdel', ...(want.remove ? ['--remove'] : []), '--', name] }]
  const changes = (path: string): boolean => !have || change.fields.some((field) => field.path === path)
  const options = [
    ...(want.uid !== undefined && changes('uid') ? ['--uid', String(want.uid)] : []),
    ...(want.group !== undefined && changes('group') ? ['--gid', want.group] : []),
    ...(want.groups && changes('groups')
      ? [...(have && want.append !== false ? ['--append'] : []), '--groups', want.groups.join(',')]
      : []),
    ...(want.shell !== undefined && changes('shell') ? ['--shell', want.shell] : []),
    ...(want.home !== undefined && changes('home')
      ? [have ? '--home' : '--home-dir', want.home, ...(have && want.move_home ? ['--move-home'] : [])]
      : []),
    ...(want.expires !== undefined && changes('expires')
      ? ['--expiredate', want.expires === 'never' ? '' : want.expires]
      : []),
    ...(want.comment !== undefined && changes('comment') ? ['--comment', want.comment] : []),
  ]
  const made: Step[] = have
    ? options.length > 0
      ? [{ kind: 'exec', argv: ['usermod', ...options, '--', name] }]
      : []
    : [
        {
          kind: 'exec',
          argv: [
            'useradd',
            want.create_home === false ? '--no-create-home' : '--create-home',
            ...(want.system ? ['--system'] : []),
            ...options,
            '--',
            name,
          ],
        },
      ]
  const hash = want.password_hash as string | Secret | undefined
  // the mark of a locked password stands in front of it, so it comes last
  const lock: readonly Step[] =
    want.locked !== undefined && (changes('locked') || changes('password_hash'))
      ? [{ kind: 'exec', argv: ['usermod', want.locked ? '--lock' : '--unlock', '--', name] }]
      : []
  if (hash === undefined || !changes('password_hash')) return [...made, ...(have || want.locked ? lock : [])]
  const line = hash instanceof Secret ? hash.map((text) => `${name}:${text}\n`) : new Secret(`${name}:${hash}\n`)
  return [...made, { kind: 'exec', argv: ['chpasswd', '--encrypted'], stdin: line }, ...(want.locked ? lock : [])]
}
