import type { Output, Step } from '../../../connections/connection.ts'
import type { HostModule } from '../../module.ts'
import { failure } from '../../../language/diagnostic.ts'
import { absent, parseStat, pathEffect, refuseDenied, statFormat } from '../path-state.ts'
import { diff, edited, type Args, type Have } from './diff.ts'
import { fingerprint, parseKey } from './keys.ts'
import { args, key, returns, summary } from './schema.ts'

// $1 user; $2 path or ''
const look = `
entry=$(getent passwd -- "$1") && echo "account $(echo "$entry" | cut -d: -f3,4,6)"
path=$2
if [ -z "$path" ]; then
  [ "$entry" ] || exit 0
  home=$(echo "$entry" | cut -d: -f6)
  path=\${home%/}/.ssh/authorized_keys
fi
echo "path $path"
LC_ALL=C
export LC_ALL
stats() { if [ -e "$1" ] || [ -L "$1" ]; then stat -Lc "$2 ${statFormat}" "$1"; else why=$(ls -d "$1" 2>&1) || [ "$why" = "\${why%ermission denied}" ] || echo "$why" >&2; fi; }
stats "\${path%/*}" directory
stats "$path" file
[ ! -f "$path" ] || { printf 'text '; base64 -w0 <"$path"; echo; }
exit 0
`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ user, path = '' }) => ({ kind: 'script', text: look, args: [user, path] }),
  parse,
  blank: ({ path }) => ({ ...nothingThere, path: path ?? '' }),
  diff,
  steps,
  returned: (_want, have) => ({
    path: have.path,
    fingerprints: have.text.split('\n').flatMap((line) => {
      const found = parseKey(line)
      return found ? [fingerprint(found)] : []
    }),
  }),
  unsettled: ['path', 'fingerprints'],
  undo(want, have) {
    if (want.state === 'absent' || have.file.type !== 'file') return []
    const text = edited({ ...want, state: 'absent' }, have.text)
    return text === have.text ? [] : writing(have, text)
  },
  // where home is, only the host knows: so it may be any path, unless it is given
  effects: ({ user, path }) => ({
    writes: [path === undefined ? (user === 'root' ? '/root/.ssh' : '/') : pathEffect(path)],
    reads: [`user:${user}`],
  }),
}

const nothingThere: Have = { account: undefined, path: '', file: absent, directory: absent, text: '' }

function parse(output: Output, want: Args): Have {
  refuseDenied(output, `the keys of ${want.user}`)
  const said = new Map(
    output.stdout.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
  const account = said.get('account')?.split(':')
  if (!account)
    throw failure('E756', `there is no user ${want.user} on the host`, {
      hint: 'system.user makes one, by a task before',
    })
  const [uid, gid, home = ''] = account
  const stat = (name: string) => (said.has(name) ? parseStat(said.get(name) ?? '') : absent)
  return {
    account: { uid: Number(uid), gid: Number(gid), home },
    path: said.get('path') ?? '',
    file: stat('file'),
    directory: stat('directory'),
    text: Buffer.from(said.get('text') ?? '', 'base64').toString('utf8'),
  }
}

function steps(want: Args, have: Have): readonly Step[] {
  const { account } = have
  if (!account) return []
  const own = want.manage_dir !== false && want.path === undefined
  const directory = have.path.slice(0, have.path.lastIndexOf('/'))
  const made: Step = {
    kind: 'exec',
    argv: ['install', '-d', '-m', '0700', '-o', String(account.uid), '-g', String(account.gid), '--', directory],
  }
  return [...(own ? [made] : []), ...writing(have, edited(want, have.text))]
}

function writing({ account, path }: Have, content: string): readonly Step[] {
  return [
    {
      kind: 'upload',
      path,
      content,
      mode: '0600',
      ...(account && { owner: String(account.uid), group: String(account.gid) }),
    },
  ]
}
