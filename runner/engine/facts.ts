import type { Script } from '../connections/connection.ts'
import { Unknown, type Value } from '../plan/unknown.ts'
import { usersOf } from './first-hosts.ts'
import { persist } from './persist.ts'
import type { LaneView } from './scope.ts'
import { tasksOfPlay } from '../language/tasks.ts'

const probe: Script = {
  kind: 'script',
  text: `
[ -r /etc/os-release ] && . /etc/os-release
printf 'distribution=%s\\n' "$ID"
printf 'distribution_version=%s\\n' "$VERSION_ID"
printf 'distribution_release=%s\\n' "$VERSION_CODENAME"
printf 'os_like=%s\\n' "$ID_LIKE"
printf 'system=%s\\n' "$(uname -s)"
printf 'kernel=%s\\n' "$(uname -r)"
printf 'architecture=%s\\n' "$(uname -m)"
printf 'hostname=%s\\n' "$(uname -n)"
printf 'processors=%s\\n' "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
printf 'memory_mb=%s\\n' "$(awk '/^MemTotal:/ {print int($2 / 1024)}' /proc/meminfo 2>/dev/null)"
printf 'user=%s\\n' "$(id -un)"
printf 'home=%s\\n' "$HOME"
printf 'address=%s\\n' "$( (ip -4 route get 192.0.2.1 2>/dev/null || true) | sed -n 's/.* src \\([0-9.]*\\).*/\\1/p')"
`,
}

/** Names of the facts, as `facts.NAME`. */
export const factNames = [
  'distribution',
  'distribution_version',
  'distribution_release',
  'os_family',
  'system',
  'kernel',
  'architecture',
  'hostname',
  'processors',
  'memory_mb',
  'user',
  'home',
  'address',
] as const

/** Asks a host what it is; only when an expression refers to `facts`. */
export async function gatherFacts(view: LaneView): Promise<Value> {
  const connection = await view.connection(view.host)
  if (!connection) return new Unknown(`facts of ${view.host}, which does not exist yet`)
  // their shells begin while the facts are asked for
  const { play, host, walk } = view
  await connection.open(walk.cut, usersOf(play, tasksOfPlay(play), walk.inventory, host))
  const [output] = await persist(
    view,
    view.host,
    async () => await connection.run([probe], { signal: view.walk.cut, timeout: 30 }),
  )
  const pairs = (output?.stdout ?? '').split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : []
  })
  const { os_like = '', ...facts } = Object.fromEntries(pairs)
  const families = `${facts['distribution'] ?? ''} ${os_like}`
  const family = /debian|ubuntu/.test(families)
    ? 'debian'
    : /rhel|fedora|centos/.test(families)
      ? 'redhat'
      : (facts['distribution'] ?? '')
  return {
    ...facts,
    os_family: family,
    processors: Number(facts['processors'] ?? 0),
    memory_mb: Number(facts['memory_mb'] ?? 0),
  }
}
