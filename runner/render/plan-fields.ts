import type { Action, Disruption, Field } from '../plan/change.ts'
import { about } from './duration.ts'
import { clip, escapeLine, escapeTerminal, widthOf, type Paint } from './escape.ts'
import { lineDiff } from './line-diff.ts'
import { membersIn, membersOf, type Member } from './members.ts'
import type { PlanOptions } from './plan.ts'
import { sides } from './sides.ts'

/** More members of one field than this are counted only, but with `--diff`. */
const mostMembers = 12
/** Less room than this is too little to tell two values apart: they go on a line of their own. */
const leastRoom = 14

/** The lines below a change: each field with what it was and what it will be. */
export function fieldLines(
  fields: readonly Field[],
  action: Action,
  options: PlanOptions,
  style: Paint,
): readonly string[] {
  const paths = fields.map((field) => widthOf(escapeLine(field.path)))
  const column = Math.min(Math.max(...paths, 0), 28, Math.floor(options.width / 4))
  return fields.flatMap((field) => fieldText(field, action, column, options, style))
}

function fieldText(
  field: Field,
  action: Action,
  column: number,
  options: PlanOptions,
  style: Paint,
): readonly string[] {
  const path = escapeLine(field.path)
  const label = `    ${path}${' '.repeat(Math.max(0, column - widthOf(path)))} `
  const notes = notesOf(field, style)
  const members = membersOf(field, action !== 'update' && action !== 'replace')
  const [only] = members
  if (only?.path === '' && (only.kind === 'set' || only.kind === 'changed')) {
    const inner = only.kind === 'set' ? membersIn(field.after) : []
    const fits = widthOf(label) + widthOf(only.after ?? '') + widthOf(notes.plain) <= options.width
    if (inner.length > 0 && !fits) return below(label, notes, inner, options, style)
    return memberText(label, 6, only, notes, options, style)
  }
  return below(label, notes, members, options, style)
}

function below(
  label: string,
  notes: Notes,
  members: readonly Member[],
  options: PlanOptions,
  style: Paint,
): readonly string[] {
  const head = clip(label.trimEnd(), options.width)
  const beside = notes.plain !== '' && widthOf(head) + widthOf(notes.plain) <= options.width
  const shown = options.diff || members.length <= mostMembers + 1 ? members : members.slice(0, mostMembers)
  const left = members.length - shown.length
  return [
    `${head}${beside ? notes.painted : ''}`,
    ...(beside ? [] : notes.lines(6, options.width)),
    ...shown.flatMap((member) => {
      const mark = { set: ' ', added: '+', removed: '-', changed: '~' }[member.kind]
      const start = member.kind === 'set' ? '      ' : `      ${mark} `
      return memberText(`${start}${member.path}${member.path === '' ? '' : ' '}`, 8, member, noNotes, options, style)
    }),
    ...(left > 0 ? [style.dim(`      … and ${left} more (--diff)`)] : []),
  ]
}

/** A label and a value on one line; on two where there is no room, the values cut unless all of them is asked for. */
function memberText(
  label: string,
  indent: number,
  member: Member,
  notes: Notes,
  options: PlanOptions,
  style: Paint,
): readonly string[] {
  const { width, diff } = options
  const full = widthOf(valueText(member, Number.POSITIVE_INFINITY, style, true))
  const whole = widthOf(label) + full
  const beside =
    notes.plain !== '' && (whole + widthOf(notes.plain) <= width || width - widthOf(label) - widthOf(notes.plain) >= 40)
  const room = width - widthOf(label) - (beside ? widthOf(notes.plain) : 0)
  const after = [...(beside ? [] : notes.lines(indent, width)), ...(diff ? textLines(member, indent, style) : [])]
  const tail = beside ? notes.painted : ''
  const value = (columns: number): string =>
    coloured(member, valueText(member, diff ? Number.POSITIVE_INFINITY : columns, style), style)
  if (diff || full <= room || room >= Math.min(leastRoom, width - indent))
    return [`${label}${value(room)}${tail}`, ...after]
  return [clip(label.trimEnd(), width), `${' '.repeat(indent)}${value(Math.max(3, width - indent))}${tail}`, ...after]
}

function coloured(member: Member, text: string, style: Paint): string {
  if (member.kind === 'added') return style.green(text)
  return member.kind === 'removed' ? style.red(text) : text
}

function valueText(member: Member, room: number, style: Paint, plain = false): string {
  const { before, after, texts } = member
  const count = texts && member.kind === 'changed' ? changedLines(texts) : ''
  if (before === undefined || after === undefined) return clip(before ?? after ?? '', room)
  if (count !== '' && widthOf(before) + widthOf(after) + 3 + count.length > room) return clip(count.slice(2), room)
  const [from, to] = sides(before, after, room - 3 - count.length)
  return `${from} ${plain ? '→' : style.dim('→')} ${to}${count}`
}

function changedLines([before, after]: readonly [string, string]): string {
  const lines = lineDiff(before, after)
  const count = (kind: string): number => lines.filter((line) => line.kind === kind).length
  return `, +${count('+')} -${count('-')}`
}

function textLines({ texts }: Member, indent: number, style: Paint): readonly string[] {
  if (!texts) return []
  return lineDiff(...texts).map(({ kind, text }) => {
    const shown = kind === '@' ? escapeTerminal(text) : `${kind}${kind === '\\' ? ' ' : ''}${escapeTerminal(text)}`
    const colour = { '+': style.green, '-': style.red, '@': style.cyan, ' ': style.dim, '\\': style.dim }[kind]
    return `${' '.repeat(indent)}${colour(shown)}`
  })
}

interface Notes {
  readonly plain: string
  readonly painted: string
  lines(indent: number, width: number): readonly string[]
}

const noNotes: Notes = { plain: '', painted: '', lines: () => [] }

/** What a person reads of a disruption. */
export function effectOf(disruption: Disruption): string {
  return disruption === 'window' ? 'waits for the maintenance window' : disruption.replace('_', ' ')
}

/** What else is to know of a field: that it cannot be changed in place, and what its change does to those who use the thing. */
function notesOf(field: Field, style: Paint): Notes {
  const words: [string, (text: string) => string][] = []
  if (field.forces === 'replace') words.push(['forces replacement', style.red])
  const { disruption } = field
  if (disruption !== undefined && disruption !== 'none' && !(disruption === 'replace' && field.forces))
    words.push([effectOf(disruption), disruption === 'data_loss' ? style.red : style.yellow])
  if (field.usual !== undefined) words.push([`usually ${about(field.usual)}`, style.dim])
  if (words.length === 0) return noNotes
  return {
    plain: `  # ${words.map(([word]) => word).join(', ')}`,
    painted: `  ${style.dim('#')} ${words.map(([word, colour]) => colour(word)).join(', ')}`,
    lines: (indent, width) =>
      words.map(
        ([word, colour]) =>
          `${' '.repeat(Math.min(indent, Math.max(0, width - 2 - word.length)))}${style.dim('#')} ${colour(word)}`,
      ),
  }
}
