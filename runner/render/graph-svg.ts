import type { Graph } from '../engine/graph.ts'
import { duration } from './duration.ts'
import { clip, escapeLine } from './escape.ts'

const [column, row, boxWidth, boxHeight, margin] = [260, 60, 210, 42, 20]

const style =
  'svg{color-scheme:light dark;color:#1f2328;background:#fff}.hot{stroke:#cf222e}@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}.hot{stroke:#f85149}}'

/** Columns by depth, boxes below each other; no layout library is worth its size here. */
export function graphSvg(graph: Graph): string {
  const critical = new Set(graph.critical)
  const depth = depths(graph)
  const used = new Map<number, number>()
  const place = new Map(
    graph.nodes.map((node) => {
      const at = depth.get(node.id) ?? 0
      const below = used.get(at) ?? 0
      used.set(at, below + 1)
      return [node.id, { x: margin + at * column, y: margin + below * row }]
    }),
  )
  const width = 2 * margin + Math.max(0, ...depth.values()) * column + boxWidth
  const height = 2 * margin + Math.max(1, ...used.values()) * row
  const boxes = graph.nodes.map((node) => {
    const { x, y } = place.get(node.id) ?? { x: 0, y: 0 }
    const hot = critical.has(node.id) ? ' class="hot" stroke-width="2.5"' : ''
    const below = node.where === 'aws' ? duration(node.seconds) : `${node.where}, ${duration(node.seconds)}`
    return `<g><title>${xml(`${node.label}, ${below}`)}</title><rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="6" fill="none" stroke="currentColor"${hot}/><text x="${x + 10}" y="${y + 18}" font-size="13">${xml(clip(escapeLine(node.label), 28))}</text><text x="${x + 10}" y="${y + 34}" font-size="11" opacity=".7">${xml(clip(escapeLine(below), 34))}</text></g>`
  })
  const next = new Map(graph.critical.map((id, index) => [id, graph.critical[index + 1]]))
  const lines = graph.edges.flatMap(([source, target]) => {
    const [from, to] = [place.get(source), place.get(target)]
    if (!from || !to) return []
    const [x, y, X, Y] = [from.x + boxWidth, from.y + boxHeight / 2, to.x, to.y + boxHeight / 2]
    const look = next.get(source) === target ? 'class="hot" stroke-width="2.5"' : 'opacity=".4"'
    return [`<path d="M${x} ${y} C${x + 25} ${y} ${X - 25} ${Y} ${X} ${Y}" fill="none" stroke="currentColor" ${look}/>`]
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui,sans-serif" fill="currentColor"><style>${style}</style>
${[...lines, ...boxes].join('\n')}
</svg>
`
}

/** How many nodes are in line before each; edges lead from earlier to later nodes. */
function depths(graph: Graph): ReadonlyMap<string, number> {
  const before = new Map<string, string[]>()
  for (const [source, target] of graph.edges) before.set(target, [...(before.get(target) ?? []), source])
  const depth = new Map<string, number>()
  for (const { id } of graph.nodes) {
    const above = (before.get(id) ?? []).map((source) => depth.get(source) ?? -1)
    depth.set(id, Math.max(-1, ...above) + 1)
  }
  return depth
}

function xml(plain: string): string {
  return escapeLine(plain)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
