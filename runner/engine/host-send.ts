import type { Output, Step } from '../connections/connection.ts'
import { failure } from '../language/diagnostic.ts'
import type { Attempted, Doing } from './doing.ts'
import { apart } from './effects.ts'
import { look, withEnvironment } from './host-look.ts'
import type { LaneView } from './scope.ts'

type Steps = readonly (readonly Step[])[]

/** Each costs the host a process and, for another user, a call of sudo; sshd allows ten on a connection (MaxSessions). */
const mostShells = 4

/**
 * Sends the steps, and right behind them the probes: one round trip for both. Where steps take long and touch nothing of each other's they
 * run in several shells at the same time, and the probes wait for all of them.
 */
export async function send(view: LaneView, group: readonly Doing[], steps: Steps): Promise<Attempted> {
  const { unit } = (group[0] as Doing).unit.prepared
  if (!(await view.connection(unit.where)))
    throw failure('E731', `${unit.where} is still not there`, { at: unit.task.at })
  const units = group.map((doing) => doing.unit)
  const shells = shellsOf(group)
  if (shells.length === 1) {
    const running = runIn(view, group, steps, 0, [...group.keys()])
    const looking = look(view, units)
    // what ended the steps (the time was over) ends the probes behind them, too: it is the steps' reason that counts
    looking.catch(() => undefined)
    const perUnit = await running
    return { perUnit: group.map((_, index) => perUnit.get(index)), after: await looking }
  }
  const runs = await Promise.allSettled(shells.map((own, shell) => runIn(view, group, steps, shell, own)))
  for (const run of runs) if (run.status === 'rejected') throw run.reason
  const perUnit = new Map(runs.flatMap((run) => (run.status === 'fulfilled' ? [...run.value] : [])))
  return { perUnit: group.map((_, index) => perUnit.get(index)), after: await look(view, units) }
}

/** Which units go into which shell: in the first what is quick and what is first of the slow; one more for each other slow module. */
export function shellsOf(group: readonly Doing[]): readonly (readonly number[])[] {
  const named = new Map<string, number[]>()
  const first: number[] = []
  for (const [index, { unit }] of group.entries()) {
    const alone = group.every((other, at) => at === index || apart(unit, other.unit))
    const { module } = unit.prepared.unit.task
    // of one module those that come later wait: they may want the same lock (dpkg's)
    if (unit.module.slow && alone) named.set(module, [...(named.get(module) ?? []), index])
    else first.push(index)
  }
  const [beside = [], ...more] = named.values()
  const own = more.slice(0, mostShells - 1)
  return [[...first, ...beside, ...more.slice(mostShells - 1).flat()].toSorted((a, b) => a - b), ...own]
}

/** Runs the steps of some units in one shell; what was not reached has no outputs. */
async function runIn(
  view: LaneView,
  group: readonly Doing[],
  steps: Steps,
  shell: number,
  own: readonly number[],
): Promise<ReadonlyMap<number, readonly Output[]>> {
  const first = (group[0] as Doing).unit.prepared
  const connection = await view.connection(first.unit.where)
  const owners = own.flatMap((index) => (steps[index] ?? []).map(() => index))
  const ownerOf = (position: number): Doing => group[owners[position] ?? 0] as Doing
  const timeouts = own.map((index) => {
    const { unit } = group[index] as Doing
    return unit.prepared.unit.task.timeout ?? unit.module.timeout ?? 600
  })
  const outputs = await connection?.run(
    own.flatMap((index) =>
      (steps[index] ?? []).map((step) => withEnvironment(step, (group[index] as Doing).unit.prepared.environment)),
    ),
    {
      ...(first.become !== undefined && { become: first.become }),
      ...(shell > 0 && { shell }),
      signal: view.walk.cut,
      timeout: Math.max(...timeouts),
      stopOnFailure: true,
      stopBefore: {
        signal: view.walk.signal,
        steps: owners.flatMap((owner, position) => (position > 0 && owner !== owners[position - 1] ? [position] : [])),
      },
      onOutput: (position, stream, text) => {
        const { unit } = ownerOf(position)
        view.printed(unit.prepared.unit, stream, text, unit.module.progress)
      },
      onSent: (position, sent, all) => view.sent(ownerOf(position).unit.prepared.unit, sent, all),
    },
  )
  const found = new Map<number, readonly Output[]>()
  for (const index of own) {
    const mine = (outputs ?? []).filter((_, position) => owners[position] === index)
    const reached = mine.length === (steps[index] ?? []).length || mine.some((output) => output.code !== 0)
    if (reached) found.set(index, mine)
  }
  return found
}
