import type { Output } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { normalPath } from '../path-state.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly boot: string
  readonly required: boolean
  /** Whether all that is started with the host has been. */
  readonly settled: boolean
  readonly packages: readonly string[]
}

// $1 file. In a container the kernel's id stays: the time at which process 1 began tells its starts from each other (proc(5), stat).
const look = `
stat=$(cat /proc/1/stat)
set -- "$1" \${stat##*) }
echo "boot $(cat /proc/sys/kernel/random/boot_id).\${21}"
[ ! -e "$1" ] || { echo required; [ ! -r "$1.pkgs" ] || sort -u "$1.pkgs" | sed 's/^/package /'; }
case $(systemctl is-system-running 2>/dev/null) in initializing|starting) ;; *) echo settled ;; esac
`

// $1 seconds. It must not end with the shell that begins it, nor before its answer has been read.
const restart = `
command -v systemctl >/dev/null && how='systemctl reboot' || how=reboot
command -v "\${how%% *}" >/dev/null || { echo 'there is neither systemctl nor reboot on the host' >&2; exit 1; }
setsid sh -c "sleep $(($1 + 1)); $how" </dev/null >/dev/null 2>&1 &
`

/** Ends what the connection stands on, so the engine sends it alone and waits for `restarted`. */
export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 60,
  unsettled: ['boot_id', 'packages'],
  probe: (want) => ({ kind: 'script', text: look, args: [fileOf(want)] }),
  parse,
  blank: () => ({ boot: '', required: false, settled: true, packages: [] }),
  diff,
  steps: ({ delay = 0 }) => [{ kind: 'script', text: restart, args: [String(delay)] }],
  returned: (_want, { boot, packages }) => ({ boot_id: boot.split('.')[0] ?? '', packages }),
  restarted: {
    within: ({ timeout = 600, delay = 0 }) => timeout + delay,
    yet: ({ settle = true }, before, now) =>
      now.boot === before.boot ? 'still up' : settle && !now.settled ? 'still starting its services' : true,
  },
  effects: (want) => ({ writes: [fileOf(want), 'host:'], reads: ['package:'] }),
}

function fileOf({ file = '/var/run/reboot-required' }: Args): string {
  return normalPath(file)
}

function parse({ stdout, stderr }: Output): Have {
  const lines = stdout.split('\n')
  const boot = lines.find((line) => line.startsWith('boot '))?.slice('boot '.length)
  if (boot === undefined || boot.length < 10)
    throw failure('E754', `the host does not say when it started: ${stderr.trim() || 'no answer'}`)
  return {
    boot,
    required: lines.includes('required'),
    settled: lines.includes('settled'),
    packages: lines.flatMap((line) => (line.startsWith('package ') ? [line.slice('package '.length)] : [])),
  }
}

function diff(want: Args, { required, packages }: Have): Change {
  const always = want.needed === 'always'
  if (!always && !required) return { action: 'none', fields: [] }
  const asked = packages.length > 0 ? `asked for by ${packages.join(', ')}` : `${fileOf(want)} is there`
  return {
    action: 'run',
    fields: [{ path: 'boot', before: 'up', after: 'started anew', known: true, disruption: 'restart' }],
    why: required ? asked : 'always',
  }
}
