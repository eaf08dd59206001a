import { findModule } from '../modules/find.ts'
import type { Outcome } from './outcome.ts'
import type { Planned } from './run.ts'

export interface Graph {
  readonly nodes: readonly {
    readonly id: string
    readonly label: string
    readonly where: string
    readonly seconds: number
  }[]
  readonly edges: readonly (readonly [string, string])[]
  /** Nodes of the longest path, in order. */
  readonly critical: readonly string[]
  /** Its usual length. */
  readonly seconds: number
}

/** Seconds that a task on a host is taken to last where nothing better is known. */
const hostTask = 5

/** The graph of a first apply, with the path that decides how long it takes. */
export async function graphOf(planned: Planned): Promise<Graph> {
  const outcomes = [...planned.outcomes.values()].filter((outcome) => !outcome.hidden && outcome.result !== 'skipped')
  const nodes = await Promise.all(
    outcomes.map(async ({ unit }) => ({
      id: unit.id,
      label: unit.label === undefined ? unit.task.name : `${unit.task.name} (${unit.label})`,
      where: unit.where,
      seconds: await usualSeconds(unit.task.module),
    })),
  )
  const edges = edgesOf(outcomes, new Map(nodes.map((node) => [node.id, node.seconds])))
  return { nodes, edges, ...longest(nodes, edges) }
}

async function usualSeconds(name: string): Promise<number> {
  const module = await findModule(name)
  if (module.on === 'aws') return module.usual?.create ?? 1
  return module.on === 'host' ? hostTask : 0
}

/**
 * References and `needs`; on a host also the order in which tasks are written. A play begins when everything of the one before it is
 * done on its hosts and accepted by AWS: of what it waits for, the last to end stands for all.
 */
function edgesOf(
  outcomes: readonly Outcome[],
  seconds: ReadonlyMap<string, number>,
): readonly (readonly [string, string])[] {
  const edges: (readonly [string, string])[] = []
  const ends = new Map<string, number>()
  const last = new Map<string, string>()
  const seen = new Map<string, Set<string>>()
  const end = (node: string | undefined): number => (node === undefined ? -1 : (ends.get(node) ?? 0))
  const later = (one: string | undefined, other: string | undefined) => (end(other) > end(one) ? other : one)
  let play: string | undefined
  let gate: string | undefined
  let next: string | undefined
  for (const { unit, after } of outcomes) {
    const now = unit.id.split('/')[0]
    if (now !== play) {
      play = now
      gate = later(gate, next)
      next = gate
    }
    const before = new Set(after.filter((node) => seconds.has(node)))
    if (unit.where !== 'aws') {
      // what an earlier task of the host has waited for need not be waited for again
      const already = seen.get(unit.where) ?? new Set()
      for (const node of before) if (already.has(node)) before.delete(node)
      seen.set(unit.where, new Set([...already, ...before]))
      const previous = last.get(unit.where)
      if (previous !== undefined) before.add(previous)
      last.set(unit.where, unit.id)
    }
    const latest = [...before].reduce<string | undefined>(later, undefined)
    if (gate !== undefined && end(gate) > end(latest)) before.add(gate)
    for (const node of before) edges.push([node, unit.id])
    ends.set(unit.id, Math.max(0, end(latest), end(gate)) + (seconds.get(unit.id) ?? 0))
    // AWS accepts at once what it then takes minutes for
    next = later(next, unit.where === 'aws' ? latest : unit.id)
  }
  return edges
}

/** The longest path by usual seconds; edges always lead from earlier to later nodes. */
function longest(nodes: Graph['nodes'], edges: Graph['edges']): Pick<Graph, 'critical' | 'seconds'> {
  const sources = new Map<string, string[]>()
  for (const [source, target] of edges) sources.set(target, [...(sources.get(target) ?? []), source])
  const best = new Map<string, { seconds: number; from?: string }>()
  for (const node of nodes) {
    let seconds = 0
    let from: string | undefined
    for (const source of sources.get(node.id) ?? []) {
      const above = best.get(source)
      if (above && (from === undefined || above.seconds > seconds)) {
        seconds = above.seconds
        from = source
      }
    }
    best.set(node.id, { seconds: seconds + node.seconds, ...(from !== undefined && { from }) })
  }
  let end: string | undefined
  for (const [id, { seconds }] of best) if (end === undefined || seconds > (best.get(end)?.seconds ?? 0)) end = id
  const critical: string[] = []
  for (let node = end; node !== undefined; node = best.get(node)?.from) critical.unshift(node)
  return { critical, seconds: end === undefined ? 0 : (best.get(end)?.seconds ?? 0) }
}
