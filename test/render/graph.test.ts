import { expect } from 'chai'
import type { Graph } from '../../runner/engine/graph.ts'
import { layout, reduced } from '../../runner/render/graph-layout.ts'
import { renderGraph } from '../../runner/render/graph.ts'

const node = (id: string, seconds: number): Graph['nodes'][number] => ({
  id,
  label: `Task <${id}>`,
  where: 'aws',
  seconds,
})

const diamond: Graph = {
  nodes: [node('a', 1), node('b', 2), node('c', 9), node('d', 1)],
  edges: [
    ['a', 'b'],
    ['a', 'c'],
    ['a', 'd'],
    ['b', 'd'],
    ['c', 'd'],
  ],
  critical: ['a', 'c', 'd'],
  seconds: 11,
}

describe('renderGraph', () => {
  it('leaves out edges that others say already', () => {
    expect(reduced(diamond)).to.deep.equal([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
    ])
  })

  it('puts each node behind all that it follows, the critical path on top', () => {
    expect(Object.fromEntries(layout(diamond))).to.deep.equal({
      a: { column: 0, row: 0 },
      b: { column: 1, row: 1 },
      c: { column: 1, row: 0 },
      d: { column: 2, row: 0 },
    })
  })

  it('writes mermaid, dot and svg in which labels are only text', () => {
    expect(renderGraph(diamond, 'mermaid')).to.equal(
      'flowchart LR\n  n0["Task #60;a#62; (1.0 s)"]\n  n1["Task #60;b#62; (2.0 s)"]\n  n2["Task #60;c#62; (9.0 s)"]\n' +
        '  n3["Task #60;d#62; (1.0 s)"]\n  n0 --> n1\n  n0 --> n2\n  n1 --> n3\n  n2 --> n3\n' +
        '  classDef critical stroke-width:3px\n  class n0,n2,n3 critical\n',
    )
    expect(renderGraph(diamond, 'dot')).to.contain('n2 [label="Task <c> (9.0 s)", penwidth=3];')
    const svg = renderGraph(diamond, 'svg')
    expect(svg.match(/<rect /g)).to.have.length(4)
    expect(svg.match(/<path /g)).to.have.length(4)
    expect(svg).to.contain('Task &lt;a&gt;').and.not.to.contain('Task <a>')
  })

  it('says in words what follows what, and how long the whole usually takes', () => {
    expect(renderGraph(diamond, 'text')).to.contain('* critical path: Task <a> → Task <c> → Task <d>\n  usually 11.0 s')
  })
})
