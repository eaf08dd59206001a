import type { Action, Field } from '../plan/change.ts'
import type { Entry, Plan } from '../plan/plan.ts'
import type { Json } from '../plan/unknown.ts'
import { clip, escapeTerminal, paint, type Paint } from './escape.ts'
import { lineDiff } from './line-diff.ts'

export interface PlanOptions {
  readonly width: number
  readonly colour: boolean
  readonly diff: boolean
  readonly verbose: boolean
}

/** From the most dangerous to the harmless. */
const order: readonly Action[] = ['delete', 'replace', 'update', 'run', 'unknown', 'create']
const symbols: Readonly<Record<Action, string>> = {
  delete: '-',
  replace: '±',
  update: '~',
  run: '!',
  unknown: '?',
  create: '+',
  none: ' ',
}

/** Draws a plan for people: one line a change, its fields below, unchanged things only counted. */
export function renderPlan(plan: Plan, options: PlanOptions): string {
  const style = paint(options.colour)
  const groups = grouped(plan.entries.filter((entry) => entry.action !== 'none'))
  groups.sort((a, b) => order.indexOf(first(a).action) - order.indexOf(first(b).action))
  const lines = groups.flatMap((entries) => [
    headLine(entries, options.width, style),
    ...fieldLines(first(entries), options, style),
  ])
  const notes = plan.entries.filter((entry) => entry.action === 'none' && entry.why !== undefined)
  const said = options.verbose
    ? notes.map((entry) => style.dim(`  ${entry.task}: ${escapeTerminal(entry.why ?? '')}`))
    : []
  const all = [...lines, ...said]
  return `${all.length > 0 ? `${all.join('\n')}\n\n` : ''}${totals(plan, style)}\n`
}

/** Entries that say the same of several hosts are shown once. */
function grouped(entries: readonly Entry[]): (readonly Entry[])[] {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key =
      entry.where === 'aws'
        ? entry.node
        : JSON.stringify([entry.task, entry.module, entry.action, entry.fields, entry.why])
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.values()]
}

function first(entries: readonly Entry[]): Entry {
  return entries[0] as Entry
}

function headLine(entries: readonly Entry[], width: number, style: Paint): string {
  const { action, task, module, why } = first(entries)
  const colour = {
    delete: style.red,
    replace: style.red,
    update: style.yellow,
    run: style.cyan,
    unknown: style.magenta,
    create: style.green,
    none: style.dim,
  }[action]
  const hosts = entries.map((entry) => entry.where).filter((where) => where !== 'aws')
  const where =
    hosts.length === 0
      ? ''
      : hosts.length <= 3
        ? ` on ${hosts.join(', ')}`
        : ` on ${hosts.slice(0, 2).join(', ')} and ${hosts.length - 2} more`
  const tail = ` ${module}${where}`
  const name = clip(escapeTerminal(task), Math.max(8, width - 4))
  const room = width - 3 - name.length
  const line = `${colour(`${symbols[action]} ${style.bold(name)}`)}${style.dim(room > 3 ? clip(tail, room) : '')}`
  return why === undefined ? line : `${line}\n${style.dim(`    ${clip(escapeTerminal(why), Math.max(10, width - 4))}`)}`
}

function fieldLines(entry: Entry, options: PlanOptions, style: Paint): readonly string[] {
  if (entry.fields.length === 0) return []
  const names = entry.fields.map((field) => field.path)
  const column = Math.min(28, Math.max(...names.map((name) => name.length)))
  return entry.fields.flatMap((field) => fieldLine(field, entry.action, column, options, style))
}

function fieldLine(
  field: Field,
  action: Action,
  column: number,
  options: PlanOptions,
  style: Paint,
): readonly string[] {
  const { before, after, known, path } = field
  const label = `    ${path.padEnd(column)} `
  const room = Math.max(10, options.width - label.length)
  const now = known
    ? show(after, options.diff ? Number.POSITIVE_INFINITY : room)
    : after === undefined
      ? '(known after apply)'
      : show(after, room)
  const notes = [
    field.forces === 'replace' ? style.red('forces replacement') : '',
    field.disruption !== undefined && field.disruption !== 'none'
      ? style.yellow(field.disruption.replace('_', ' '))
      : '',
  ]
    .filter(Boolean)
    .join(', ')
  const tail = notes === '' ? '' : ` ${style.dim('#')} ${notes}`
  if (typeof before === 'string' && typeof after === 'string' && (before.includes('\n') || after.includes('\n'))) {
    return [
      `${label}${describeText(before)} → ${describeText(after)}${tail}`,
      ...(options.diff ? textLines(before, after, options, style) : []),
    ]
  }
  if (typeof after === 'string' && after.includes('\n'))
    return [`${label}${describeText(after)}${tail}`, ...(options.diff ? textLines('', after, options, style) : [])]
  if (action === 'create' || before === undefined) return [`${label}${options.diff ? now : clip(now, room)}${tail}`]
  const half = options.diff ? Number.POSITIVE_INFINITY : Math.max(8, Math.floor((room - 3) / 2))
  return [`${label}${clip(show(before, half), half)} ${style.dim('→')} ${clip(now, half)}${tail}`]
}

function describeText(text: string): string {
  const lines = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length
  return `(${lines} line${lines === 1 ? '' : 's'})`
}

function textLines(before: string, after: string, options: PlanOptions, style: Paint): readonly string[] {
  return lineDiff(before, after).map(({ kind, text }) => {
    const line = `      ${kind} ${escapeTerminal(text)}`
    const shown = clip(line, Math.max(20, options.width))
    return kind === '+' ? style.green(shown) : kind === '-' ? style.red(shown) : style.dim(shown)
  })
}

/** A value on one line, as YAML in flow form would write it. */
function show(value: Json | undefined, room: number): string {
  if (value === undefined) return '(nothing)'
  return clip(escapeTerminal(flow(value)), room)
}

function flow(value: Json): string {
  if (typeof value === 'string') return value === '' ? '""' : value.replaceAll('\n', '⏎')
  if (Array.isArray(value)) return `[${value.map((item) => flow(item as Json)).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${flow(item as Json)}`)
      .join(', ')}}`
  return String(value)
}

function totals(plan: Plan, style: Paint): string {
  const { counts } = plan
  const unchanged = `${counts.none} unchanged`
  const words: readonly (readonly [Action, string])[] = [
    ['delete', 'to delete'],
    ['replace', 'to replace'],
    ['update', 'to change'],
    ['run', 'to run'],
    ['unknown', 'not known yet'],
    ['create', 'to create'],
  ]
  const said = words.flatMap(([action, text]) => (counts[action] === 0 ? [] : [`${counts[action]} ${text}`]))
  if (said.length === 0)
    return style.bold(
      `Nothing to do: ${counts.none} thing${counts.none === 1 ? ' is' : 's are'} as the playbook wants.`,
    )
  return style.bold(`${[...said, unchanged].join(', ')}.`)
}
