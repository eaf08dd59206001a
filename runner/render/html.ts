import type { Event } from '../engine/event.ts'
import type { Field } from '../plan/change.ts'
import type { Plan } from '../plan/plan.ts'
import type { Json } from '../plan/unknown.ts'
import { duration } from './lines.ts'

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}code,pre{font:14px ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.create{color:#1a7f37}.update,.changed{color:#9a6700}.delete,.replace,.failed,.unreachable{color:#cf222e}.unknown{color:#8250df}.run{color:#0969da}small{opacity:.7}`

/** A plan as one page without scripts. */
export function renderPlanPage(plan: Plan): string {
  return page(`Plan of ${plan.playbook}`, planTable(plan))
}

/** A run as one page: its plan, what was done, how it ended. */
export function renderReport(events: readonly Event[]): string {
  const start = events.find((event) => event.type === 'run.start')
  const plan = events.find((event) => event.type === 'plan')
  const end = events.findLast((event) => event.type === 'run.done')
  const done = events.filter((event) => event.type === 'node.done')
  const title = start?.type === 'run.start' ? `${start.verb} of ${start.playbook}` : 'Run'
  const rows = done.map(
    (event) =>
      `<tr><td class="${event.result}">${event.result}<td>${text(event.task)}<td>${text(event.where)}<td>${event.phase}<td>${duration(event.seconds)}<td>${text(event.message ?? '')}</tr>`,
  )
  const last =
    end?.type === 'run.done'
      ? `<p>${end.ok ? 'Done' : 'Not done'} in ${duration(end.seconds)}${end.accuracy ? `; plan accuracy ${end.accuracy.right}/${end.accuracy.all}` : ''}.</p>`
      : ''
  return page(
    title,
    `${last}<h2>What was done</h2><table><tr><th>Result<th>Task<th>Where<th>Phase<th>Time<th></tr>${rows.join('')}</table>${plan?.type === 'plan' ? `<h2>Plan</h2>${planTable(plan.plan)}` : ''}`,
  )
}

function planTable(plan: Plan): string {
  const rows = plan.entries
    .filter((entry) => entry.action !== 'none')
    .map(
      (entry) =>
        `<tr><td class="${entry.action}">${entry.action}<td>${text(entry.task)}<br><small>${text(entry.module)} ${entry.where === 'aws' ? '' : text(entry.where)}</small><td>${entry.fields.map(fieldText).join('')}${entry.why === undefined ? '' : `<small>${text(entry.why)}</small>`}</tr>`,
    )
  const counts = Object.entries(plan.counts)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${action}`)
  return `<p>${counts.join(', ')}</p>${rows.length === 0 ? '<p>Nothing to do.</p>' : `<table><tr><th>Action<th>Task<th>Fields</tr>${rows.join('')}</table>`}`
}

function fieldText({ path, before, after, known, forces }: Field): string {
  const value = (json: Json | undefined): string =>
    json === undefined ? '' : `<code>${text(typeof json === 'string' ? json : JSON.stringify(json))}</code>`
  return `<div><b>${text(path)}</b>: ${before === undefined ? '' : `${value(before)} → `}${!known && after === undefined ? '(known after apply)' : value(after)}${forces ? ' <span class="replace">forces replacement</span>' : ''}</div>`
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(title)}</title><style>${style}</style><h1>${text(title)}</h1>${body}</html>\n`
}

function text(plain: string): string {
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
