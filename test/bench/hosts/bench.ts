import process from 'node:process'
import { measure, median, type Cost } from '../measure.ts'
import { table } from '../table.ts'
import { competitor, type Competitor, type Name } from './competitors.ts'
import { startHosts, type Hosts } from './hosts.ts'

export interface HostsOptions {
  readonly hosts: number
  readonly names: readonly Name[]
  /** Milliseconds that each round trip takes longer. */
  readonly delay: number
  /** Counted runs of each state; the slowest peers take minutes for one. */
  readonly rounds: number
}

const states = ['nothing to change', 'one file a host', 'all twenty'] as const
type State = (typeof states)[number]

/** What is done to the hosts, unmeasured, before a run in that state. */
const before: Record<Exclude<State, 'nothing to change'>, string> = {
  'one file a host': 'echo other > /opt/app/conf7',
  'all twenty': 'rm -rf /opt/app /home/ubuntu/nfs-mount; userdel -r app 2>/dev/null; true',
}

interface Measured extends Cost {
  readonly bytes: number
}

/** Twenty tasks on real sshd hosts: the runner, its peers, and OpenSSH with one script, which nobody can beat by much. */
export async function hostsBench({ hosts: count, names, delay, rounds }: HostsOptions): Promise<void> {
  process.stdout.write(`  starting ${count} host${count === 1 ? '' : 's'} …\n`)
  const hosts = await startHosts(count)
  try {
    await hosts.delay(delay)
    const competitors = await Promise.all(names.map(async (name) => await competitor(name, hosts)))
    const results = new Map<Competitor, Map<State, Measured>>()
    const idle = new Map<Competitor, Measured[]>()
    // the first run brings all about and learns the hosts' keys, the second finds it so; neither is counted
    for (const one of competitors) for (let run = 0; run < 2; run += 1) await measure(one.command)
    // in turn, so that a machine whose speed drifts treats them alike
    for (let round = 0; round < rounds; round++)
      for (const one of competitors) idle.set(one, [...(idle.get(one) ?? []), await measured(hosts, one)])
    for (const one of competitors) {
      const own = new Map<State, Measured>([['nothing to change', middle(idle.get(one) ?? [])]])
      for (const state of states)
        if (!one.reads && state !== 'nothing to change') own.set(state, await repeated(hosts, one, state, rounds))
      results.set(one, own)
      process.stdout.write(`  ${one.title}: done\n`)
    }
    process.stdout.write(drawn(count, delay, competitors, results))
  } finally {
    await hosts.close()
  }
}

async function measured(hosts: Hosts, one: Competitor): Promise<Measured> {
  const sent = hosts.bytes()
  const cost = await measure(one.command)
  return { ...cost, bytes: hosts.bytes() - sent }
}

async function repeated(
  hosts: Hosts,
  one: Competitor,
  state: Exclude<State, 'nothing to change'>,
  rounds: number,
): Promise<Measured> {
  const runs: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    await hosts.everywhere(before[state])
    runs.push(await measured(hosts, one))
  }
  return middle(runs)
}

function middle(runs: readonly Measured[]): Measured {
  return {
    wall: median(runs.map((run) => run.wall)),
    cpu: median(runs.map((run) => run.cpu)),
    memory: median(runs.map((run) => run.memory)),
    bytes: median(runs.map((run) => run.bytes)),
  }
}

function drawn(
  count: number,
  delay: number,
  competitors: readonly Competitor[],
  results: ReadonlyMap<Competitor, ReadonlyMap<State, Measured>>,
): string {
  const head = [
    `${count} host${count === 1 ? '' : 's'}${delay > 0 ? `, +${delay} ms` : ''}`,
    'wall s',
    '× floor',
    'cpu s',
    'MiB',
    'KiB/host',
  ]
  const floor = competitors.find((one) => one.reads)
  return states
    .map((state) => {
      const least = floor && results.get(floor)?.get('nothing to change')?.wall
      const rows = competitors.flatMap((one) => {
        const cost = results.get(one)?.get(state)
        if (!cost) return []
        return [
          [
            one.title,
            cost.wall.toFixed(2),
            least === undefined ? '' : (cost.wall / least).toFixed(2),
            cost.cpu.toFixed(2),
            cost.memory.toFixed(0),
            (cost.bytes / 1024 / count).toFixed(1),
          ],
        ]
      })
      return `\n  ${state}\n${table(head, rows)}`
    })
    .join('')
}
