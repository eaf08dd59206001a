import type { Graph } from '../engine/graph.ts'
import { duration } from './duration.ts'
import { escapeLine, hang, widthOf, wrap } from './escape.ts'
import { reduced } from './graph-layout.ts'
import { graphSvg } from './graph-svg.ts'
import { jsonText } from './json.ts'

/** Draws what depends on what; the critical path is marked. Text is wrapped at `width` columns. */
export function renderGraph(
  graph: Graph,
  format: 'text' | 'mermaid' | 'dot' | 'svg' | 'json',
  width = Number.POSITIVE_INFINITY,
): string {
  switch (format) {
    case 'json':
      return `${jsonText(graph, 2)}\n`
    case 'mermaid':
      return mermaid(graph)
    case 'dot':
      return dot(graph)
    case 'svg':
      return graphSvg(graph)
    case 'text':
      return lines(graph, width)
  }
}

type Node = Graph['nodes'][number]

function nameOf({ label, where }: Node): string {
  return escapeLine(where === 'aws' ? label : `${label} on ${where}`)
}

function lines(graph: Graph, width: number): string {
  if (graph.nodes.length === 0) return 'nothing to draw: no task is selected\n'
  const critical = new Set(graph.critical)
  const names = new Map(graph.nodes.map((node) => [node.id, nameOf(node)]))
  const before = new Map<string, string[]>()
  for (const [source, target, accepted] of graph.edges) {
    const name = `${names.get(source) ?? escapeLine(source)}${accepted ? ' (accepted)' : ''}`
    before.set(target, [...(before.get(target) ?? []), name])
  }
  const text = graph.nodes.map((node) => {
    const after = before.get(node.id) ?? []
    const mark = critical.has(node.id) ? '*' : ' '
    const head = hang(`${names.get(node.id)} (${duration(node.seconds)})`, width - 2)
    return [
      ...head.map((line, index) => `${index === 0 ? mark : ' '} ${line}`),
      ...(after.length === 0 ? [] : hung(`after ${after.join(', ')}`, 6, width)),
    ].join('\n')
  })
  const path = graph.critical.map((id) => names.get(id) ?? escapeLine(id)).join(' → ')
  const one = `* critical path: ${path}`
  const whole = widthOf(one) <= width ? [one] : ['* critical path:', ...hung(path, 4, width)]
  const end = [...whole, `  usually ${duration(graph.seconds)}`]
  return `${[...text, '', ...end].join('\n')}\n`
}

function hung(text: string, indent: number, width: number): readonly string[] {
  return wrap(text, width - indent).map((line) => `${' '.repeat(indent)}${line}`)
}

function ids(graph: Graph): ReadonlyMap<string, string> {
  return new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]))
}

// https://mermaid.js.org/syntax/flowchart.html: in quotes only entities are special, written as `#35;`
function mermaid(graph: Graph): string {
  const id = ids(graph)
  const label = (node: Node): string =>
    `${nameOf(node)} (${duration(node.seconds)})`.replaceAll(
      /[#"<>&`\\]/g,
      (character) => `#${character.charCodeAt(0)};`,
    )
  const nodes = graph.nodes.map((node) => `  ${id.get(node.id)}["${label(node)}"]`)
  const edges = reduced(graph).flatMap(([source, target, accepted]) =>
    id.has(source) && id.has(target) ? [`  ${id.get(source)} ${accepted ? '-.->' : '-->'} ${id.get(target)}`] : [],
  )
  const marked = graph.critical.flatMap((node) => id.get(node) ?? []).join(',')
  const style = marked === '' ? [] : ['  classDef critical stroke-width:3px', `  class ${marked} critical`]
  return `${['flowchart LR', ...nodes, ...edges, ...style].join('\n')}\n`
}

// https://graphviz.org/doc/info/lang.html: in quotes only `"` is special; in labels `\` as well
function dot(graph: Graph): string {
  const critical = new Set(graph.critical)
  const id = ids(graph)
  const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const nodes = graph.nodes.map((node) => {
    const label = quoted(`${nameOf(node)} (${duration(node.seconds)})`)
    return `  ${id.get(node.id)} [label=${label}${critical.has(node.id) ? ', penwidth=3' : ''}];`
  })
  const edges = reduced(graph).flatMap(([source, target, accepted]) =>
    id.has(source) && id.has(target)
      ? [`  ${id.get(source)} -> ${id.get(target)}${accepted ? ' [style=dashed]' : ''};`]
      : [],
  )
  return `${['digraph playbook {', '  rankdir=LR;', '  node [shape=box];', ...nodes, ...edges, '}'].join('\n')}\n`
}
