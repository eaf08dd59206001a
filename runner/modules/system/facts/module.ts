import type { Output } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { nothing } from '../../../plan/change.ts'
import type { Json, Value, Values } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

// $1 folder with facts of one's own
const look = `
LC_ALL=C
export LC_ALL
[ ! -r /etc/os-release ] || . /etc/os-release
fact() { printf '%s=%s\\n' "$1" "$2"; }
fact distribution "$ID"
fact distribution_version "$VERSION_ID"
fact distribution_release "$VERSION_CODENAME"
fact kernel "$(uname -r)"
fact architecture "$(uname -m)"
fact package_architecture "$(dpkg --print-architecture 2>/dev/null)"
fact hostname "$(uname -n)"
fact fqdn "$(timeout 2 hostname -f 2>/dev/null || uname -n)"
fact processors "$(nproc 2>/dev/null)"
awk '/^MemTotal:/ { print "memory_mb=" int($2 / 1024) } /^SwapTotal:/ { print "swap_mb=" int($2 / 1024) }' /proc/meminfo
fact virtualization "$(systemd-detect-virt 2>/dev/null)"
zone=$(readlink /etc/localtime)
fact time_zone "\${zone##*/zoneinfo/}"
fact init "$(cat /proc/1/comm 2>/dev/null)"
fact boot_id "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
fact uptime_seconds "$(cut -d. -f1 /proc/uptime)"
fact address "$( (ip -4 route get 192.0.2.1 2>/dev/null || :) | sed -n 's/.* src \\([0-9.]*\\).*/\\1/p')"
for one in $(hostname -I 2>/dev/null); do fact addresses "$one"; done
df -P -T -k 2>/dev/null | awk 'NR > 1 && $1 ~ /^\\// { path = $7; for (i = 8; i <= NF; i++) path = path " " $i; print "mounts=" $1 " " $2 " " int($3 / 1024) " " int($5 / 1024) " " path }'
for file in "$1"/*.json; do
  [ ! -f "$file" ] || { name=\${file##*/}; fact local "\${name%.json} $(base64 -w0 <"$file")"; }
done
`

export const module: HostModule<Args, Values> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ folder = '/etc/runner/facts.d' }) => ({ kind: 'script', text: look, args: [folder] }),
  parse,
  blank: () => ({}),
  diff: () => nothing,
  steps: () => [],
  returned: (_want, have) => have,
  // it says what earlier tasks may be about to change
  effects: ({ folder = '/etc/runner/facts.d' }) => ({
    writes: [],
    reads: [folder, 'package:', 'hostname:', 'swap:', '/etc/localtime', '/etc/fstab'],
  }),
}

const numbers = new Set(['processors', 'memory_mb', 'swap_mb', 'uptime_seconds'])

function parse({ stdout, stderr }: Output): Values {
  const pairs = stdout.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : []
  })
  if (pairs.length === 0) throw failure('E754', `the host does not say what it is: ${stderr.trim() || 'no answer'}`)
  const all = (name: string): readonly string[] => pairs.flatMap(([key, value]) => (key === name ? [value] : []))
  const single = pairs
    .filter(([name]) => !['addresses', 'mounts', 'local'].includes(name))
    .map(([name, value]): [string, Value] => [name, numbers.has(name) ? Number(value) || 0 : value])
  return {
    ...Object.fromEntries(single),
    addresses: all('addresses'),
    mounts: all('mounts').map((line): Values => {
      const [src = '', fstype = '', size = '', free = '', ...path] = line.split(' ')
      return { path: path.join(' '), src, fstype, size_mb: Number(size), free_mb: Number(free) }
    }),
    local: Object.fromEntries(all('local').map(own)),
  }
}

function own(line: string): [string, Json] {
  const [name = '', encoded = ''] = line.split(' ')
  try {
    return [name, JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Json]
  } catch (cause) {
    throw failure('E755', `the facts in ${name}.json are no JSON: ${(cause as Error).message}`, { cause })
  }
}
