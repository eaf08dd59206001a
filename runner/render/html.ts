import { costSentence } from './cost.ts'
import { about } from './duration.ts'
import { effectOf } from './plan-fields.ts'
import type { Action, Field } from '../plan/change.ts'
import type { Plan } from '../plan/plan.ts'
import { lineDiff } from './line-diff.ts'
import { membersOf, type Member } from './members.ts'
import { marked, page, table, text } from './page.ts'
import { courseOf, groupsOf, placeOf, totalsOf, type Group } from './plan-groups.ts'

/** A plan as one page without scripts. */
export function renderPlanPage(plan: Plan): string {
  return page(`Plan of ${plan.playbook}`, planBody(plan))
}

/** A plan's totals and changes, as they stand in a page. */
export function planBody(plan: Plan): string {
  const groups = groupsOf(plan)
  const unchanged = plan.entries.filter((entry) => entry.action === 'none')
  const parts = [`<p><strong>${text(totalsOf(plan))}</strong></p>`]
  const course = courseOf(plan)
  if (course !== undefined) parts.push(`<p>${text(course)}</p>`)
  if (plan.cost !== undefined) parts.push(`<p>${text(costSentence(plan.cost))}</p>`)
  if (groups.length > 0) parts.push(table(['Action', 'Task', 'What changes'], groups.map(groupRow)))
  if (unchanged.length > 0) {
    const rows = unchanged.map(({ task, module, where, why }) => [
      text(task),
      `<code>${text(module)}</code>`,
      text(where),
      text(why ?? ''),
    ])
    parts.push(`<details><summary>${unchanged.length} unchanged</summary>
${table(['Task', 'Module', 'Where', ''], rows)}</details>`)
  }
  return parts.join('\n')
}

function groupRow(group: Group): readonly string[] {
  const { action, task, module, fields, why, at } = group.entry
  const creates = action !== 'update' && action !== 'replace'
  const rows = fields.map((field) => fieldRow(field, creates)).join('')
  return [
    marked(action, labels[action]),
    `<strong>${text(task)}</strong><br><small><code>${text(module)}</code>${text(placeOf(group, true))}<br>${text(`${at.file}:${at.start.line}`)}</small>`,
    `${why === undefined ? '' : `<div>${text(why)}</div>`}${rows === '' ? '' : `<table class="fields">${rows}</table>`}`,
  ]
}

const labels: Readonly<Record<Action, string>> = {
  none: 'unchanged',
  create: '+ create',
  update: '~ change',
  replace: '-/+ replace',
  delete: '- delete',
  run: '! run',
  unknown: '? not known yet',
}

function fieldRow(field: Field, creates: boolean): string {
  const notes = [
    ...(field.forces === 'replace' ? ['forces replacement'] : []),
    ...(field.disruption !== undefined && field.disruption !== 'none' ? [effectOf(field.disruption)] : []),
    ...(field.usual === undefined ? [] : [`usually ${about(field.usual)}`]),
  ]
  const members = membersOf(field, creates).map(memberHtml).join('')
  return `<tr><td><code>${text(field.path)}</code></td><td>${members}${notes.map((note) => `<div class="replace">${text(note)}</div>`).join('')}</td></tr>`
}

function memberHtml({ kind, path, before, after, texts }: Member): string {
  const sides = [before, after].filter((side) => side !== undefined).map((side) => `<code>${text(side)}</code>`)
  const mark = { set: '', changed: '', added: '+ ', removed: '- ' }[kind]
  const name = path === '' ? '' : `<code>${text(path)}</code> `
  const line = `<div${kind === 'added' || kind === 'removed' ? ` class="${kind}"` : ''}>${mark}${name}${sides.join(' → ')}</div>`
  return texts ? `${line}<details><summary>lines</summary><pre>${diffHtml(texts)}</pre></details>` : line
}

function diffHtml([before, after]: readonly [string, string]): string {
  const kinds = { '+': 'added', '-': 'removed', '@': 'hunk', ' ': '', '\\': 'skipped' } as const
  return lineDiff(before, after)
    .map(({ kind, text: said }) => {
      const shown = text(kind === '@' ? said : `${kind}${kind === '\\' ? ' ' : ''}${said}`)
      return kinds[kind] === '' ? shown : `<span class="${kinds[kind]}">${shown}</span>`
    })
    .join('\n')
}
