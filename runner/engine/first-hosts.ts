import type { Place } from '../connections/connection.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { selectHosts } from '../inventory/pattern.ts'
import { reachHost } from '../inventory/static.ts'
import type { Play, Program, Task } from '../language/program.ts'
import { tasksOfPlay } from '../language/tasks.ts'
import { batches } from './batches.ts'
import { placeFor } from './place.ts'

export interface FirstHost {
  readonly place: Place
  /** Those whom tasks become there. */
  readonly users: readonly string[]
}

/** Tasks that no host is asked for. */
const decided = /^(aws|duckdns)\.|^system\.(assert|debug|fail|set_facts)$/

/**
 * The hosts over SSH that a run asks first, as far as the files say that plainly: those with which the first play begins that has
 * something to do on such hosts.
 */
export function firstHosts(
  program: Program,
  inventory: Inventory,
  options: { readonly forks: number; readonly limit?: string; readonly selects: (task: Task) => boolean },
): readonly FirstHost[] {
  const limit = options.limit === undefined ? undefined : new Set(selectHosts(options.limit, inventory))
  for (const play of program.plays) {
    const tasks = tasksOfPlay(play).filter((task) => options.selects(task) && certain(task))
    if (tasks.length === 0) continue
    if (typeof play.hosts !== 'string') return []
    const hosts = selectHosts(play.hosts, inventory).filter((host) => !limit || limit.has(host))
    const [batch = []] = batches(play.serial, hosts)
    const places = batch.slice(0, options.forks).map((host) => placeFor(play, inventory, host))
    const remote = places.filter(({ connection }) => connection === 'ssh')
    if (remote.length > 0) return remote.map((place) => ({ place, users: usersOf(play, tasks, inventory, place.name) }))
  }
  return []
}

function certain(task: Task): boolean {
  return !decided.test(task.module) && task.when.length === 0 && task.delegateTo === undefined
}

/** Those whom tasks become on a host, as far as that is written plainly. */
export function usersOf(play: Play, tasks: readonly Task[], inventory: Inventory, host: string): readonly string[] {
  const users = tasks.map((task) => {
    if ((task.become ?? play.become ?? reachHost(inventory, host).become) !== true) return undefined
    const user = task.becomeUser ?? play.becomeUser ?? 'root'
    return typeof user === 'string' ? user : undefined
  })
  return [...new Set(users.filter((user) => user !== undefined))]
}
