import { failure } from '../../../language/diagnostic.ts'
import { compare, same, type Change, type Field } from '../../../plan/change.ts'
import { firstUnknown, hasSecret } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import { attributesThere, attributesWanted } from '../path-state.ts'
import { withLine, withoutLine, type Edit, type Edited } from './edit.ts'
import type { Have, Want } from './probe.ts'

/** What is to change about the file: one line, and who owns it. */
export function diff(want: Want, have: Have): Change {
  refuse(want, have)
  const { line, regexp, insertafter, insertbefore, state, create } = want
  const missing = have.type === 'absent'
  const attributes = compare({ ...attributesWanted(want) }, missing ? undefined : { ...attributesThere(want, have) })
  const open = firstUnknown([state, line, regexp, insertafter, insertbefore] as never)
  if (missing && state === 'absent') return { action: 'none', fields: [] }
  const field = open ? unknownField(have, want) : lineField(want, have)
  if (!field) return attributes
  const fields = [field, ...attributes.fields]
  if (missing && create === true) return { action: 'create', fields }
  if (missing) return { action: 'update', fields, why: 'expected to be there once the host is' }
  const { action } = attributes
  return { action: field.known ? 'update' : action === 'none' ? 'unknown' : action, fields }
}

function refuse(want: Want, have: Have): void {
  if (want.line === undefined && (want.state ?? 'present') === 'present')
    throw failure('E753', '`state: present` needs `line`')
  for (const name of ['regexp', 'insertafter', 'insertbefore'] as const)
    if (hasSecret(want[name])) throw failure('E753', `\`${name}\` may not hold a secret`)
  if (have.type !== 'file' && have.type !== 'absent')
    throw failure('E751', `${want.path} is a ${have.type}, not a file`)
  if (have.type === 'absent' && (want.state ?? 'present') === 'present' && !want.create && !have.assumed)
    throw failure('E756', `${want.path} is not there`, { hint: '`create: true` makes it' })
}

function unknownField(have: Have, want: Want): Field {
  const sensitive = have.text !== undefined && hasSecret(want.line)
  return { path: 'line', known: false, ...(sensitive && { sensitive: true as const }) }
}

function lineField(want: Want, have: Have): Field | undefined {
  const edited = edit(want, have.text ?? '')
  if (edited instanceof Secret) {
    if (same(edited, have.text ?? '')) return undefined
    return { path: 'line', after: '[secret]', known: true, sensitive: true }
  }
  if (edited.text === (have.text ?? '') && have.type === 'file') return undefined
  return {
    path: 'line',
    ...(edited.before.length > 0 && { before: edited.before.join('\n') }),
    after: edited.after ?? null,
    known: true,
  }
}

/** The text as it is to be; a secret one if the line is secret. What is wanted is known here. */
export function edit(want: Want, text: string): Edited | Secret {
  const { line } = want
  const how = want as unknown as Edit
  if (line instanceof Secret)
    return line.map((known) => (want.state === 'absent' ? withoutLine : withLine)(text, { ...how, line: known }).text)
  if (want.state === 'absent') return withoutLine(text, how)
  return withLine(text, { ...how, line: String(line) })
}
