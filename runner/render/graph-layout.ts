import type { Graph } from '../engine/graph.ts'

/** Where a node stands: its column (how many are in line before it) and its row. */
export interface Cell {
  readonly column: number
  readonly row: number
}

/** Edges that say nothing new are left out: those whose target is reached over others as well. The critical path stays. */
export function reduced(graph: Graph): Graph['edges'] {
  const next = new Map<string, Map<string, boolean>>()
  for (const [source, target, accepted] of graph.edges)
    next.set(source, (next.get(source) ?? new Map<string, boolean>()).set(target, accepted === undefined))
  const below = new Map<string, Set<string>>()
  // edges lead from earlier to later nodes, so what is below a node is known when it is looked at from the end
  for (const { id } of graph.nodes.toReversed()) {
    const own = new Set<string>()
    for (const target of next.get(id)?.keys() ?? []) {
      own.add(target)
      for (const far of below.get(target) ?? []) own.add(far)
    }
    below.set(id, own)
  }
  const path = new Map(graph.critical.map((id, index) => [id, graph.critical[index + 1]]))
  return graph.edges.filter(([source, target, accepted]) => {
    if (path.get(source) === target) return true
    // that it must be ready is not said by a way that begins when it is accepted
    return ![...(next.get(source) ?? [])].some(
      ([other, ready]) => other !== target && (ready || accepted !== undefined) && below.get(other)?.has(target),
    )
  })
}

/** Columns by depth; in a column each node stands near those it follows, the critical path on top. */
export function layout(graph: Graph): ReadonlyMap<string, Cell> {
  const before = new Map<string, string[]>()
  for (const [source, target] of graph.edges) before.set(target, [...(before.get(target) ?? []), source])
  const column = new Map<string, number>()
  for (const { id } of graph.nodes)
    column.set(id, 1 + Math.max(-1, ...(before.get(id) ?? []).map((source) => column.get(source) ?? -1)))
  const critical = new Set(graph.critical)
  const cells = new Map<string, Cell>()
  for (let at = 0; at <= Math.max(-1, ...column.values()); at++) {
    const ids = graph.nodes.map(({ id }) => id).filter((id) => column.get(id) === at)
    const pull = (id: string): number => {
      if (critical.has(id)) return -1
      const rows = (before.get(id) ?? []).map((source) => cells.get(source)?.row ?? 0)
      return rows.length === 0 ? ids.indexOf(id) : rows.reduce((sum, row) => sum + row, 0) / rows.length
    }
    const sorted = ids
      .map((id) => ({ id, pull: pull(id) }))
      .sort((a, b) => a.pull - b.pull)
      .map(({ id }) => id)
    // the top row is the critical path's: a column without a part of it leaves it free
    const first = sorted.some((id) => critical.has(id)) ? 0 : 1
    for (const [row, id] of sorted.entries()) cells.set(id, { column: at, row: row + first })
  }
  return cells
}
