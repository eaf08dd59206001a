import { graphOf } from '../engine/graph.ts'
import { kindOf } from '../engine/pace.ts'
import { planRun } from '../engine/run.ts'
import { failure } from '../language/diagnostic.ts'
import { renderGraph } from '../render/graph.ts'
import type { Options } from './options.ts'
import { openSession } from './session.ts'
import type { Terminal } from './terminal.ts'
import type { Signals } from './verbs.ts'

const formats = ['text', 'mermaid', 'dot', 'svg', 'json'] as const

/** `runner graph`: what depends on what; found by an offline walk, so it needs no network. */
export async function run(options: Options, terminal: Terminal, signals: Signals): Promise<number> {
  const format = terminal.json ? 'json' : (options.format ?? 'text')
  if (!isFormat(format)) throw failure('E903', `--format ${format} is none of ${formats.join(', ')}`)
  await using session = await openSession(
    'plan',
    { ...options, offline: true, output: { kind: 'plain' } },
    terminal,
    signals,
  )
  const planned = await planRun(session.request)
  const graph = await graphOf(planned.outcomes.values(), ({ id }) => session.request.usual?.get(kindOf(id, 'act')))
  terminal.out(renderGraph(graph, format, terminal.tty ? terminal.width : undefined))
  return planned.ok ? 0 : 1
}

function isFormat(text: string): text is (typeof formats)[number] {
  return (formats as readonly string[]).includes(text)
}
