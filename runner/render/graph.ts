import type { Graph } from '../engine/graph.ts'
import { duration } from './lines.ts'

/** Draws what depends on what; the critical path is marked. */
export function renderGraph(graph: Graph, format: 'text' | 'mermaid' | 'dot' | 'svg' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(graph, null, 2)}\n`
  if (format === 'mermaid') return mermaid(graph)
  if (format === 'dot') return dot(graph)
  return format === 'svg' ? svg(graph) : plain(graph)
}

function critical(graph: Graph): ReadonlySet<string> {
  return new Set(graph.critical)
}

function plain(graph: Graph): string {
  const path = critical(graph)
  const label = new Map(graph.nodes.map((node) => [node.id, node.label]))
  const lines = graph.nodes.map((node) => {
    const after = graph.edges.filter(([, target]) => target === node.id).map(([source]) => label.get(source) ?? source)
    const where = node.where === 'aws' ? '' : ` on ${node.where}`
    return `${path.has(node.id) ? '*' : ' '} ${node.label}${where} (${duration(node.seconds)})${after.length === 0 ? '' : `\n      after ${after.join(', ')}`}`
  })
  return `${lines.join('\n')}\n\n* critical path: ${graph.critical.map((id) => label.get(id) ?? id).join(' → ')}\n  usually ${duration(graph.seconds)}\n`
}

function names(graph: Graph): ReadonlyMap<string, string> {
  return new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]))
}

function mermaid(graph: Graph): string {
  const name = names(graph)
  const nodes = graph.nodes.map((node) => `  ${name.get(node.id)}["${node.label.replaceAll('"', '#quot;')}"]`)
  const edges = graph.edges.map(([source, target]) => `  ${name.get(source)} --> ${name.get(target)}`)
  const marked = graph.critical.map((id) => name.get(id)).join(',')
  return `flowchart LR\n${[...nodes, ...edges].join('\n')}\n${marked === '' ? '' : `  classDef critical stroke-width:3px\n  class ${marked} critical\n`}`
}

function dot(graph: Graph): string {
  const path = critical(graph)
  const nodes = graph.nodes.map(
    (node) =>
      `  ${JSON.stringify(node.id)} [label=${JSON.stringify(node.label)}${path.has(node.id) ? ', penwidth=3' : ''}];`,
  )
  const edges = graph.edges.map(([source, target]) => `  ${JSON.stringify(source)} -> ${JSON.stringify(target)};`)
  return `digraph playbook {\n  rankdir=LR;\n  node [shape=box];\n${[...nodes, ...edges].join('\n')}\n}\n`
}

/** Columns by depth, boxes below each other; no layout library is worth its size here. */
function svg(graph: Graph): string {
  const path = critical(graph)
  const depth = new Map<string, number>()
  for (const node of graph.nodes)
    depth.set(
      node.id,
      Math.max(
        0,
        ...graph.edges.filter(([, target]) => target === node.id).map(([source]) => (depth.get(source) ?? 0) + 1),
      ),
    )
  const used = new Map<number, number>()
  const place = new Map(
    graph.nodes.map((node) => {
      const column = depth.get(node.id) ?? 0
      const row = used.get(column) ?? 0
      used.set(column, row + 1)
      return [node.id, { x: 20 + column * 250, y: 20 + row * 56 }]
    }),
  )
  const width = 40 + (Math.max(0, ...depth.values()) + 1) * 250
  const height = 40 + Math.max(1, ...used.values()) * 56
  const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const boxes = graph.nodes.map((node) => {
    const { x, y } = place.get(node.id) as { x: number; y: number }
    return `<rect x="${x}" y="${y}" width="200" height="36" rx="6" fill="none" stroke="currentColor" stroke-width="${path.has(node.id) ? 3 : 1}"/><text x="${x + 10}" y="${y + 23}" font-size="13">${xml(node.label.slice(0, 28))}</text>`
  })
  const lines = graph.edges.flatMap(([source, target]) => {
    const [from, to] = [place.get(source), place.get(target)]
    return from && to
      ? [
          `<path d="M${from.x + 200} ${from.y + 18} C${from.x + 225} ${from.y + 18} ${to.x - 25} ${to.y + 18} ${to.x} ${to.y + 18}" fill="none" stroke="currentColor" opacity="${path.has(source) && path.has(target) ? 1 : 0.35}"/>`,
        ]
      : []
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui,sans-serif" fill="currentColor">${lines.join('')}${boxes.join('')}</svg>\n`
}
