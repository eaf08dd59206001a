import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change, Field } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly versions: Readonly<Record<string, string>>
  /** What `latest` would bring. */
  readonly candidates: Readonly<Record<string, string>>
}

// $1 `latest` or ''; then names of packages
const look = `
mode=$1
shift
if ! command -v dpkg-query >/dev/null; then echo 'not Debian' >&2; exit 3; fi
dpkg-query -W -f '\${db:Status-Status} \${binary:Package} \${Version}\\n' "$@" 2>/dev/null
if [ "$mode" = latest ]; then apt-cache policy "$@" | awk '/^[^ ]/ { name = $1; sub(/:$/, "", name) } $1 == "Candidate:" { print "candidate", name, $2 }'; fi
exit 0
`

// $1 install or remove; $2 seconds for which lists are new, -1: never fetched; then what apt-get is given
const act = `
export DEBIAN_FRONTEND=noninteractive
what=$1 valid=$2
shift 2
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"; }
if [ "$what" = install ] && [ "$valid" -ge 0 ]; then
  newest=$(find /var/lib/apt/lists -maxdepth 1 -type f -name '*_Packages*' -printf '%T@\\n' 2>/dev/null | sort -n | tail -1)
  newest=\${newest%.*}
  [ -n "$newest" ] && [ $(( $(date +%s) - newest )) -lt "$valid" ] || apt update || exit
fi
if [ "$what" = remove ]; then apt remove "$@"; exit; fi
apt install --no-install-recommends "$@" && exit
# lists that look new may still be older than the archive
[ "$valid" -ge 0 ] && apt update && apt install --no-install-recommends "$@"
`

function names({ name }: Args): readonly { readonly name: string; readonly version?: string }[] {
  return (typeof name === 'string' ? [name] : name).map((text) => {
    const [only = '', version] = text.split('=')
    return version === undefined ? { name: only } : { name: only, version }
  })
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: (want) => ({
    kind: 'script',
    text: look,
    args: [want.state === 'latest' ? 'latest' : '', ...names(want).map((one) => one.name)],
  }),
  parse(output: Output): Have {
    if (output.code === 3)
      throw failure('E770', 'packages can be installed on Debian and Ubuntu only; this host has no dpkg', {
        hint: 'use system.command with the package manager of the host',
      })
    const versions: Record<string, string> = {}
    const candidates: Record<string, string> = {}
    for (const line of output.stdout.split('\n')) {
      const [status, name = '', version = ''] = line.split(' ')
      const plain = name.replace(/:(amd64|arm64|all|i386|armhf)$/, '')
      if (status === 'installed') versions[plain] = version
      if (status === 'candidate') candidates[plain] = version
    }
    return { versions, candidates }
  },
  blank: () => ({ versions: {}, candidates: {} }),
  diff: (want, have) => changeOf(want, have),
  steps(want, have): readonly Step[] {
    const differing = names(want).filter((one) => fieldOf(want, one, have))
    const words = differing.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`))
    const valid = want.update_cache === false ? '-1' : String(want.cache_valid_time ?? 3600)
    return [{ kind: 'script', text: act, args: [want.state === 'absent' ? 'remove' : 'install', valid, ...words] }]
  },
  returned: (want, have) => ({
    versions: Object.fromEntries(
      names(want).flatMap(({ name }) => (have.versions[name] === undefined ? [] : [[name, have.versions[name]]])),
    ),
  }),
  unsettled: ['versions'],
  effects: (want) => ({
    writes: firstUnknown(want.name) ? ['package:'] : ['package:', ...names(want).map(({ name }) => `package:${name}`)],
  }),
  timeout: 1800,
}

function changeOf(want: Args, have: Have): Change {
  const unknown = firstUnknown([want.state ?? null])
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  const fields = names(want).flatMap((one) => fieldOf(want, one, have) ?? [])
  if (fields.length === 0) return { action: 'none', fields }
  const gone = fields.every((field) => field.before === undefined)
  return { action: want.state === 'absent' ? 'delete' : gone ? 'create' : 'update', fields }
}

function fieldOf(
  want: Args,
  { name, version }: { readonly name: string; readonly version?: string },
  have: Have,
): Field | undefined {
  const there = have.versions[name.replace(/:.*$/, '')]
  if (want.state === 'absent')
    return there === undefined ? undefined : { path: name, before: there, after: 'absent', known: true }
  const candidate = have.candidates[name]
  const newer = want.state === 'latest' && candidate !== undefined && candidate !== '(none)' && candidate !== there
  if (there !== undefined && (version === undefined || version === there) && !newer) return undefined
  return {
    path: name,
    ...(there !== undefined && { before: there }),
    after: version ?? (newer ? candidate : 'installed'),
    known: true,
  }
}
