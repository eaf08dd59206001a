import type { Graph } from '../engine/graph.ts'
import { duration } from './duration.ts'
import { clip, escapeLine } from './escape.ts'
import { layout, reduced } from './graph-layout.ts'

const [column, row, boxWidth, boxHeight, margin] = [260, 60, 210, 42, 20]

const style =
  'svg{color-scheme:light dark;color:#1f2328;background:#fff}rect{fill:#fff}.hot{stroke:#cf222e}@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}rect{fill:#0d1117}.hot{stroke:#f85149}}'

/** Columns by depth, boxes below each other; no layout library is worth its size here. */
export function graphSvg(graph: Graph): string {
  const critical = new Set(graph.critical)
  const cells = layout(graph)
  const place = (id: string): { readonly x: number; readonly y: number } => {
    const cell = cells.get(id) ?? { column: 0, row: 0 }
    return { x: margin + cell.column * column, y: margin + cell.row * row }
  }
  const all = [...cells.values()]
  const width = 2 * margin + Math.max(0, ...all.map((cell) => cell.column)) * column + boxWidth
  const height = 2 * margin + Math.max(0, ...all.map((cell) => cell.row)) * row + boxHeight
  const boxes = graph.nodes.map((node) => {
    const { x, y } = place(node.id)
    const hot = critical.has(node.id) ? ' class="hot" stroke-width="2.5"' : ''
    const below = node.where === 'aws' ? duration(node.seconds) : `${node.where}, ${duration(node.seconds)}`
    return `<g><title>${xml(`${node.label}, ${below}`)}</title><rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="6" stroke="currentColor"${hot}/><text x="${x + 10}" y="${y + 18}" font-size="13">${xml(clip(escapeLine(node.label), 28))}</text><text x="${x + 10}" y="${y + 34}" font-size="11" opacity=".7">${xml(clip(escapeLine(below), 34))}</text></g>`
  })
  const next = new Map(graph.critical.map((id, index) => [id, graph.critical[index + 1]]))
  const lines = reduced(graph).flatMap(([source, target, accepted]) => {
    if (!cells.has(source) || !cells.has(target)) return []
    const [from, to] = [place(source), place(target)]
    const [x, y, X, Y] = [from.x + boxWidth, from.y + boxHeight / 2, to.x, to.y + boxHeight / 2]
    const look = next.get(source) === target ? 'class="hot" stroke-width="2.5"' : 'opacity=".5"'
    const dashed = accepted ? ' stroke-dasharray="5 4"' : ''
    return [
      `<path d="M${x} ${y} C${x + 25} ${y} ${X - 25} ${Y} ${X} ${Y}" fill="none" stroke="currentColor" ${look}${dashed}/>`,
    ]
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui,sans-serif" fill="currentColor"><style>${style}</style>
${[...lines, ...boxes].join('\n')}
</svg>
`
}

function xml(plain: string): string {
  return escapeLine(plain)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
