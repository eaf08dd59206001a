import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import { compare } from '../../../plan/change.ts'
import { firstUnknown, Unknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { gone } from '../files.ts'
import { madeOf } from '../made-text.ts'
import { args, key, returns, summary } from './schema.ts'
import { entryIn, withEntry } from './table.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly text: string
}

// one's own table anybody may have, but only root may say whose (crontab(1))
const tableFunction = `
LC_ALL=C
export LC_ALL
table() { user=$1; shift; if [ "$(id -un)" = "$user" ] || [ "$(id -u)" = "$user" ]; then crontab "$@"; else crontab -u "$user" "$@"; fi; }
`

// $1 user; $2 file in /etc/cron.d or ''
const look = `${tableFunction}
command -v cron >/dev/null || command -v crond >/dev/null || [ -x /usr/sbin/cron ] || [ -x /usr/sbin/crond ] || echo missing
if [ "$2" ]; then
  [ ! -e "/etc/cron.d/$2" ] || { printf 'table '; base64 -w0 <"/etc/cron.d/$2"; echo; }
elif command -v crontab >/dev/null; then
  text=$(table "$1" -l 2>&1; echo "=$?")
  case $text in
    *=0) printf 'table '; printf %s "\${text%=0}" | base64 -w0; echo ;;
    *'no crontab for'*) ;;
    *) echo "\${text%=*}" >&2; exit 1 ;;
  esac
fi
`

// $1 user; $2 `-r`, or `-` for what comes on stdin
const put = `${tableFunction}table "$1" "$2"`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ user = 'root', file = '' }) => ({ kind: 'script', text: look, args: [String(user), file] }),
  parse,
  blank: () => ({ text: '' }),
  diff,
  steps: (want, have) => writing(want, have, want.state === 'absent' ? undefined : lineOf(want)),
  returned: ({ name }, { text }) => ({ line: entryIn(text, name) ?? '' }),
  unsettled: ['line'],
  undo: (want, have) =>
    want.state !== 'absent' && entryIn(have.text, want.name) !== undefined ? writing(want, have, undefined) : [],
  effects: ({ user = 'root', file }) => ({
    writes: [file === undefined ? `crontab:${user}` : `/etc/cron.d/${file}`, '/var/spool/cron'],
    reads: [`user:${user}`, 'package:'],
  }),
}

function parse({ stdout, stderr, code }: Output, { user = 'root' }: Args): Have {
  if (stdout.startsWith('missing'))
    throw failure('E777', 'there is no cron on the host', {
      hint: 'install the package cron by a task before, or use system.timer, which needs nothing but systemd',
    })
  if (/must be privileged|permission denied/i.test(stderr))
    throw failure('E750', `not allowed to read the crontab of ${user}`, {
      hint: 'set `become: true` on the task or the play',
    })
  if (code !== 0) throw failure('E754', `the crontab of ${user} cannot be read: ${stderr.trim()}`)
  const table = stdout.split('\n').find((line) => line.startsWith('table '))
  return { text: Buffer.from(table?.slice('table '.length) ?? '', 'base64').toString('utf8') }
}

function diff(want: Args, have: Have): Change {
  const unknown = firstUnknown(want.state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  const there = entryIn(have.text, want.name)
  if (want.state === 'absent') return gone(there !== undefined)
  if (want.job === undefined) throw failure('E753', '`state: present` needs `job`')
  return compare({ line: lineOf(want) }, there === undefined ? undefined : { line: there })
}

function lineOf(want: Args): string | Secret | Unknown {
  const { user = 'root', file } = want
  return madeOf(
    want,
    ({ minute = '*', hour = '*', day = '*', month = '*', weekday = '*', special_time, job, disabled }) =>
      [
        disabled === true ? '# ' : '',
        special_time === undefined ? [minute, hour, day, month, weekday].join(' ') : `@${special_time}`,
        // only tables of the system say as whom (crontab(5))
        file === undefined ? '' : ` ${user}`,
        ` ${job}`,
      ].join(''),
  )
}

function writing(want: Args, have: Have, line: string | Secret | Unknown | undefined): readonly Step[] {
  const { name, file, user = 'root' } = want
  if (line instanceof Unknown) return []
  const written = (text: string | undefined): string => withEntry(have.text, name, text)
  const content = line instanceof Secret ? line.map(written) : written(line)
  const empty = content === ''
  if (file === undefined)
    return [
      empty
        ? { kind: 'script', text: put, args: [String(user), '-r'] }
        : { kind: 'script', text: put, args: [String(user), '-'], stdin: content },
    ]
  const path = `/etc/cron.d/${file}`
  if (empty) return [{ kind: 'exec', argv: ['rm', '-f', path] }]
  // cron ignores a table that others may write or that is not root's
  return [
    { kind: 'upload', path, content, mode: content instanceof Secret ? '0600' : '0644', owner: 'root', group: 'root' },
  ]
}
