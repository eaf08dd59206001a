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
  const known = new Set(outcomes.map((outcome) => outcome.unit.id))
  const nodes = await Promise.all(
    outcomes.map(async ({ unit }) => ({
      id: unit.id,
      label: unit.label === undefined ? unit.task.name : `${unit.task.name} (${unit.label})`,
      where: unit.where,
      seconds: await usualSeconds(unit.task.module),
    })),
  )
  const edges = edgesOf(outcomes, known)
  return { nodes, edges, ...longest(nodes, edges) }
}

async function usualSeconds(name: string): Promise<number> {
  const module = await findModule(name)
  if (module.on === 'aws') return module.usual?.create ?? 1
  return module.on === 'host' ? hostTask : 0
}

/** References and `needs`; on a host also the order in which tasks are written; and no play begins before the hosts of those above it are through. */
function edgesOf(outcomes: readonly Outcome[], known: ReadonlySet<string>): readonly (readonly [string, string])[] {
  const edges: (readonly [string, string])[] = []
  const last = new Map<string, string>()
  let play = ''
  let barrier: readonly string[] = []
  const begun = new Set<string>()
  for (const { unit, after } of outcomes) {
    const [id = ''] = unit.task.id.split('/')
    if (id !== play) {
      barrier = [...last.values()]
      begun.clear()
      play = id
    }
    const before = new Set(after.filter((node) => known.has(node)))
    if (unit.where !== 'aws') {
      const previous = last.get(unit.where)
      if (previous !== undefined) before.add(previous)
      last.set(unit.where, unit.id)
    }
    // what follows something of its own play has waited already
    if (![...before].some((node) => begun.has(node))) for (const node of barrier) before.add(node)
    begun.add(unit.id)
    for (const node of before) edges.push([node, unit.id])
  }
  return edges
}

/** The longest path by usual seconds; edges always lead from earlier to later nodes. */
function longest(nodes: Graph['nodes'], edges: Graph['edges']): Pick<Graph, 'critical' | 'seconds'> {
  const best = new Map<string, { seconds: number; from?: string }>()
  for (const node of nodes) {
    let seconds = 0
    let from: string | undefined
    for (const [source, target] of edges) {
      const above = target === node.id ? best.get(source) : undefined
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
