import type { Output, Script } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { refuseDenied } from '../../system/path-state.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

const parts = ['state', 'logs', 'ssh_host_keys', 'machine_id', 'histories', 'package_cache', 'authorized_keys'] as const
type Part = (typeof parts)[number]
type Have = ReadonlyMap<Part, readonly string[]>

/**
 * Shell function `found PART…`: what is there of each, a line `part path`. The files are those that cloud-init(1), sshd(8), machine-id(5)
 * and the shells name; every home is looked into, since anybody may have been logged in.
 */
const found = `
LC_ALL=C
export LC_ALL
homes() { getent passwd | cut -d: -f6 | sort -u | while IFS= read -r home; do case $home in /root|/home/*|/srv/*|/var/lib/*) [ ! -d "$home" ] || echo "$home" ;; esac; done; }
there() { part=$1; shift; for path; do if [ -e "$path" ] || [ -L "$path" ]; then echo "$part $path"; fi; done; }
full() { part=$1; shift; for path; do [ ! -s "$path" ] || echo "$part $path"; done; }
found() {
  for one; do
    case $one in
      state) there state /var/lib/cloud/instance /var/lib/cloud/instances/* /var/lib/cloud/data/* /var/lib/cloud/sem/* ;;
      logs) full logs /var/log/cloud-init.log /var/log/cloud-init-output.log ;;
      ssh_host_keys) there ssh_host_keys /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub ;;
      machine_id) [ ! -s /etc/machine-id ] || [ "$(cat /etc/machine-id)" = uninitialized ] || echo 'machine_id /etc/machine-id'; [ -L /var/lib/dbus/machine-id ] || there machine_id /var/lib/dbus/machine-id ;;
      histories) homes | while IFS= read -r home; do full histories "$home"/.bash_history "$home"/.zsh_history "$home"/.ash_history "$home"/.python_history "$home"/.mysql_history "$home"/.psql_history "$home"/.lesshst "$home"/.viminfo; done ;;
      package_cache) there package_cache /var/cache/apt/archives/*.deb ;;
      authorized_keys) homes | while IFS= read -r home; do full authorized_keys "$home"/.ssh/authorized_keys; done ;;
    esac
  done
}
`

/** $@ the parts. Who may not look into every home is no judge of what is there. */
const look = `${found}
[ "$(id -u)" = 0 ] || { echo 'permission denied: this takes root' >&2; exit 1; }
found "$@"
`

/** $@ the parts. cloud-init's own command first, where there is one: it knows its places best. */
const clean = `${found}
for part; do
  case $part in
    state) ! command -v cloud-init >/dev/null || cloud-init clean || exit ;;
    logs) ! command -v cloud-init >/dev/null || cloud-init clean --logs || exit ;;
    package_cache) ! command -v apt-get >/dev/null || apt-get -q clean || exit ;;
  esac
  found "$part" | while read -r _ path; do
    case $part in
      machine_id) if [ "$path" = /etc/machine-id ]; then : >"$path"; else rm -f -- "$path"; fi ;;
      logs|histories) : >"$path" ;;
      *) rm -rf -- "$path" ;;
    esac || exit 1
  done || exit
done
# what a shell still remembers would be written when it ends
unset HISTFILE
sync
`

/** Without declared effects: it comes when all before it is done. */
export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: (want) => script(look, wanted(want)),
  parse,
  blank: () => new Map(),
  diff,
  steps: (want, have) => [
    script(
      clean,
      wanted(want).filter((part) => have.has(part)),
    ),
  ],
  returned: () => ({}),
  timeout: 300,
}

function script(text: string, words: readonly string[]): Script {
  return { kind: 'script', text, args: words }
}

function wanted(want: Args): readonly Part[] {
  return parts.filter((part) => part === 'state' || (want[part] ?? part !== 'authorized_keys'))
}

function parse(output: Output): Have {
  refuseDenied(output, 'all that belongs to this host')
  if (output.code !== 0)
    throw failure('E754', `what belongs to this host cannot be looked for: ${output.stderr.trim() || 'no answer'}`)
  const have = new Map<Part, readonly string[]>()
  for (const line of output.stdout.split('\n')) {
    const part = parts.find((one) => line.startsWith(`${one} `))
    if (part) have.set(part, [...(have.get(part) ?? []), line.slice(part.length + 1)])
  }
  return have
}

function diff(_want: Args, have: Have): Change {
  const fields = [...have].map(([path, files]) => ({ path, before: files, after: [], known: true }))
  if (fields.length === 0) return { action: 'none', fields }
  return { action: 'update', fields, why: 'after it the host is to be started anew, or done with' }
}
