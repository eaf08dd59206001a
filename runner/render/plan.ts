import type { Action } from '../plan/change.ts'
import type { Cost } from '../plan/cost.ts'
import type { Plan } from '../plan/plan.ts'
import { costLines, costSentence } from './cost.ts'
import { escapeLine, escapeTerminal, paint, wrap, type Paint } from './escape.ts'
import { fieldLines } from './plan-fields.ts'
import { courseOf, groupsOf, placeOf, totalsOf, type Group } from './plan-groups.ts'
import { line } from './segments.ts'

export interface PlanOptions {
  readonly width: number
  readonly colour: boolean
  readonly diff: boolean
  readonly verbose: boolean
}

const symbols: Readonly<Record<Action, string>> = {
  delete: '-',
  replace: '-/+',
  update: '~',
  run: '!',
  unknown: '?',
  create: '+',
  none: ' ',
}

/** Draws a plan for people: one line a change, its fields below, unchanged things only counted. */
export function renderPlan(plan: Plan, options: PlanOptions): string {
  const style = paint(options.colour)
  const lines = groupsOf(plan).flatMap((group) => [
    ...headLines(group, options, style),
    ...fieldLines(group.entry.fields, group.entry.action, options, style),
  ])
  // why something stays as it is: of interest only to those who ask
  const notes = plan.entries.filter((entry) => options.verbose && entry.action === 'none' && entry.why !== undefined)
  for (const { task, why } of notes)
    lines.push(line([[`  ${escapeLine(`${task}: ${why}`)}`, style.dim]], options.width))
  const totals = wrap(totalsOf(plan), options.width).map(style.bold)
  const course = courseOf(plan)
  if (course !== undefined) totals.push(...wrap(course, options.width))
  if (plan.cost !== undefined) totals.push(...costOf(plan, plan.cost, options, style))
  return `${[...lines, ...(lines.length > 0 ? [''] : []), ...totals].join('\n')}\n`
}

function costOf(plan: Plan, cost: Cost, options: PlanOptions, style: Paint): readonly string[] {
  const names = new Map(plan.entries.map(({ node, task }) => [node, task]))
  const each = options.verbose ? costLines(cost, (node) => names.get(node) ?? node) : []
  return [
    ...wrap(escapeLine(costSentence(cost)), options.width),
    ...each.map((text) => style.dim(`  ${escapeLine(text)}`)),
  ]
}

function headLines(group: Group, options: PlanOptions, style: Paint): readonly string[] {
  const { action, task, module, why, at } = group.entry
  const colour = {
    delete: style.red,
    replace: style.red,
    update: style.yellow,
    run: style.cyan,
    unknown: style.magenta,
    create: style.green,
    none: style.dim,
  }[action]
  const tail = `  ${module}${placeOf(group, options.verbose)}${options.verbose ? `  ${at.file}:${at.start.line}` : ''}`
  const head = line(
    [
      [`${symbols[action]} `, colour],
      [escapeLine(task), (text) => colour(style.bold(text))],
      [escapeLine(tail), style.dim],
    ],
    options.verbose ? Number.POSITIVE_INFINITY : options.width,
  )
  const said = why === undefined ? [] : wrap(escapeTerminal(why), options.width - 4)
  return [head, ...said.map((text) => style.dim(`    ${text}`))]
}
