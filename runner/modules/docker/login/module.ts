import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, isMap, known } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { gone } from '../../system/files.ts'
import { madeOf } from '../../system/made-text.ts'
import { refuseDenied } from '../../system/path-state.ts'
import { refuseSecrets } from '../../system/words.ts'
import { refuseWithoutDocker } from '../docker-there.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly file: string
  readonly mode: string | undefined
  /** All that is in the file, with everybody's passwords. */
  readonly text: Secret
  readonly username: string | undefined
  readonly password: Secret | undefined
}

// $1 registry as the file names it; $2 directory or ''. Where a helper keeps the passwords, it is asked.
const look = `
command -v docker >/dev/null || exit 3
config=\${2:-\${DOCKER_CONFIG:-$HOME/.docker}}
file=$config/config.json
echo "file $file"
if [ -e "$file" ]; then
  echo "mode $(stat -Lc %a "$file")"
  echo "text $(base64 -w0 <"$file")"
  helper=$(tr -d ' \\n\\t' <"$file" | sed -n 's/.*"credsStore":"\\([A-Za-z0-9-]*\\)".*/\\1/p')
  if [ "$helper" ] && command -v "docker-credential-$helper" >/dev/null; then
    echo "kept $(printf %s "$1" | "docker-credential-$helper" get 2>/dev/null | base64 -w0)"
  fi
else ls -d "$config" >/dev/null 2>&1 || [ ! -d "\${config%/*}" ] || ls "\${config%/*}" >/dev/null; fi
exit 0
`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: (want) => ({ kind: 'script', text: look, args: [entryOf(want), want.config ?? ''] }),
  parse,
  blank: () => ({ file: '', mode: undefined, text: new Secret('{}'), username: undefined, password: undefined }),
  diff,
  steps,
  returned: (_want, { file }) => ({ file }),
  unsettled: ['file'],
  undo: (want, have) => (want.state === 'absent' || have.username === undefined ? [] : removal(want, have)),
  // where home is, only the host knows
  effects: ({ config }) => ({
    writes: ['docker-login:', config === undefined ? '/' : config],
    reads: ['service:docker'],
  }),
  timeout: 120,
}

/** Docker Hub has an entry of its own kind. */
function entryOf({ registry = 'docker.io' }: Args): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry
}

function parse(output: Output, want: Args): Have {
  refuseWithoutDocker(output)
  refuseDenied(output, 'the settings of Docker')
  const said = new Map(
    output.stdout.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
  const decoded = (name: string): string => Buffer.from(said.get(name) ?? '', 'base64').toString('utf8')
  const settings = jsonOf(decoded('text'), said.get('file') ?? '')
  const auths = isMap(settings['auths']) ? settings['auths'] : {}
  const entry = auths[entryOf(want)]
  const auth = isMap(entry) && typeof entry['auth'] === 'string' ? entry['auth'] : ''
  const [username, ...password] = Buffer.from(auth, 'base64').toString('utf8').split(':')
  const kept = decoded('kept').startsWith('{') ? jsonOf(decoded('kept'), 'helper') : undefined
  const name = kept ? String(kept['Username'] ?? '') : username
  return {
    file: said.get('file') ?? '',
    mode: said.get('mode')?.padStart(4, '0'),
    text: new Secret(JSON.stringify(settings)),
    username: name === '' ? undefined : name,
    password: name === '' ? undefined : new Secret(kept ? String(kept['Secret'] ?? '') : password.join(':')),
  }
}

function jsonOf(text: string, file: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch {
    // the text may hold passwords: what is wrong with it is not repeated
    throw failure('E755', `${file} is no JSON`, { hint: 'mend it on the host, or take it away' })
  }
}

function diff(want: Args, have: Have): Change {
  refuseSecrets(want, 'registry', 'username')
  const unknown = firstUnknown(want.state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (want.state === 'absent') return gone(have.username !== undefined)
  if (want.username === undefined || want.password === undefined)
    throw failure('E753', '`state: present` needs `username` and `password`')
  const password = known(want.password as string | Secret, (text) => (text instanceof Secret ? text : new Secret(text)))
  const wanted = { username: want.username, password, mode: '0600' }
  if (have.username === undefined) return compare({ ...wanted, mode: undefined }, undefined)
  return compare(wanted, { username: have.username, password: have.password, mode: have.mode })
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  if (want.state === 'absent') return removal(want, have)
  const changed =
    change.action === 'create' || change.fields.some(({ path }) => path === 'username' || path === 'password')
  if (!changed) return [{ kind: 'exec', argv: ['chmod', '0600', '--', have.file] }]
  const { username = '', password = '' } = want
  if (want.verify === false) {
    const content = madeOf({ text: have.text, password }, (open) => {
      const settings = JSON.parse(open.text as unknown as string) as { auths?: object }
      const auth = Buffer.from(`${username}:${open.password}`).toString('base64')
      return `${JSON.stringify({ ...settings, auths: { ...settings.auths, [entryOf(want)]: { auth } } }, null, 2)}\n`
    }) as Secret
    const folder = have.file.slice(0, have.file.lastIndexOf('/'))
    return [
      { kind: 'exec', argv: ['install', '-d', '-m', '0700', '--', folder] },
      { kind: 'upload', path: have.file, content, mode: '0600' },
    ]
  }
  const registry = want.registry === undefined || want.registry === 'docker.io' ? [] : [want.registry]
  return [
    {
      kind: 'exec',
      argv: ['docker', ...configOf(want), 'login', '--username', username, '--password-stdin', ...registry],
      stdin: password as string | Secret,
    },
    // docker(1) makes it 0600; one that was there already keeps what it had
    { kind: 'exec', argv: ['chmod', '0600', '--', have.file] },
  ]
}

function configOf({ config }: Args): readonly string[] {
  return config === undefined ? [] : ['--config', config]
}

function removal(want: Args, _have: Have): readonly Step[] {
  const registry = want.registry === undefined || want.registry === 'docker.io' ? [] : [want.registry]
  return [{ kind: 'exec', argv: ['docker', ...configOf(want), 'logout', ...registry] }]
}
