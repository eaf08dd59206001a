import type { Event } from '../engine/event.ts'
import type { Diagnostic } from '../language/diagnostic.ts'
import { duration } from './duration.ts'
import { planBody } from './html.ts'
import { marked, page, table, text } from './page.ts'
import { resultWords, wentWrong, type NodeDone, type RunDone } from './summary.ts'

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>

/** A run as one page without scripts: how it ended, what went wrong, what was done, what was planned, what commands said. */
export function renderReport(events: readonly Event[]): string {
  const of = <Type extends Event['type']>(type: Type): readonly Of<Type>[] =>
    events.filter((event): event is Of<Type> => event.type === type)
  const [start] = of('run.start')
  const plan = of('plan').at(-1)
  const done = of('node.done')
  const parts = [
    summaryHtml(of('run.done').at(-1), start),
    failedHtml(done.filter(wentWrong)),
    diagnosticsHtml(of('diagnostic').map((event) => event.diagnostic)),
    doneHtml(done),
    plan ? `<h2>The plan</h2>\n${planBody(plan.plan)}` : '',
    outputHtml(
      of('node.output'),
      new Map(of('node.start').map(({ node, task, where }) => [node, `${task} – ${where}`])),
    ),
  ]
  const title = start ? `${start.verb} of ${start.playbook}` : 'A run'
  return page(title, parts.filter((part) => part !== '').join('\n'))
}

function summaryHtml(end: RunDone | undefined, start: Of<'run.start'> | undefined): string {
  const began = start ? `<p><small>Run ${text(start.run)}, ${text(new Date(start.t).toISOString())}</small></p>` : ''
  if (!end) return `${began}<p class="failed"><strong>This run did not come to its end.</strong></p>`
  const words = resultWords(end)
  const head = marked(end.ok ? 'ok' : 'failed', end.ok ? 'Done' : 'Not done')
  const accuracy = end.accuracy
    ? `<p>Plan accuracy ${end.accuracy.right}/${end.accuracy.all}</p>${
        end.accuracy.misses.length === 0
          ? ''
          : table(
              ['Node', 'Predicted', 'Was'],
              end.accuracy.misses.map(({ node, predicted, done }) => [text(node), marked(predicted), marked(done)]),
            )
      }`
    : ''
  return `${began}<p><strong>${head} in ${duration(end.seconds)}</strong>${words === '' ? '' : `: ${text(words)}`}</p>${accuracy}`
}

function failedHtml(failed: readonly NodeDone[]): string {
  if (failed.length === 0) return ''
  const items = failed.map(
    ({ task, where, message }) =>
      `<h3 class="failed">${text(task)} <small>${text(where)}</small></h3>${message === undefined ? '' : `<pre>${text(message)}</pre>`}`,
  )
  return `<h2>What went wrong</h2>\n${items.join('\n')}`
}

function diagnosticsHtml(list: readonly Diagnostic[]): string {
  if (list.length === 0) return ''
  const items = list.map(({ severity, code, message, at, hint }) => {
    const where = at ? `<br><small><code>${text(`${at.file}:${at.start.line}:${at.start.column}`)}</code></small>` : ''
    const way = hint === undefined ? '' : `<br>${text(hint)}`
    return `<li>${marked(severity, `${severity}[${code}]`)} ${text(message)}${where}${way}</li>`
  })
  return `<h2>Diagnostics</h2><ul>\n${items.join('\n')}\n</ul>`
}

function doneHtml(done: readonly NodeDone[]): string {
  if (done.length === 0) return ''
  const rows = done.map(({ result, task, where, phase, seconds, message }) => [
    marked(result),
    text(task),
    text(where),
    phase,
    duration(seconds),
    message === undefined ? '' : `<pre>${text(message)}</pre>`,
  ])
  return `<h2>What was done</h2>\n${table(['Result', 'Task', 'Where', 'Phase', 'Time', 'Message'], rows)}`
}

function outputHtml(outputs: readonly Of<'node.output'>[], names: ReadonlyMap<string, string>): string {
  const said = new Map<string, string>()
  for (const { node, text: more } of outputs) said.set(node, (said.get(node) ?? '') + more)
  const parts = [...said].map(
    ([node, all]) => `<details><summary>${text(names.get(node) ?? node)}</summary><pre>${text(all)}</pre></details>`,
  )
  return parts.length === 0 ? '' : `<h2>What commands said</h2>\n${parts.join('\n')}`
}
