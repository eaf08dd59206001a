import { createHash } from 'node:crypto'
import type { Output, Script, Step } from '../../connections/connection.ts'
import { failure } from '../../language/diagnostic.ts'
import { compare, same, type Change, type Field } from '../../plan/change.ts'
import { firstUnknown, hasSecret, type Json, type Values } from '../../plan/unknown.ts'
import { Secret } from '../../secret.ts'
import type { HostModule } from '../module.ts'
import { absent, accountsRead, attributesThere, attributesWanted, normalPath, pathEffect } from './path-state.ts'
import { parseText, probeText, type TextFile } from './text-probe.ts'
import { stepsWritten } from './written.ts'

/** A text in which a part was put, or from which it was taken. */
export interface Edited {
  readonly text: string
  /** The lines that are gone. */
  readonly before: readonly string[]
  /** What is there instead, or anew. */
  readonly after?: string
}

/** What modules that manage a part of a text file have in common. */
export interface EditWant {
  readonly path: string
  readonly state?: unknown
  readonly create?: unknown
  readonly validate?: unknown
  readonly owner?: unknown
  readonly group?: unknown
  readonly mode?: unknown
}

/** How a part of a file differs from another: `edit` gives the text as it is to be, a secret one if the part is secret. */
export interface Part<Want extends EditWant> {
  /** The field of the plan. */
  readonly name: string
  /** All that decides what is written: while one is not known, the text is not. */
  deciding(want: Want): readonly unknown[]
  edit(want: Want, text: string): Edited | Secret
}

/** What is to change about the file: the part, and who owns it. */
export function diffEdited<Want extends EditWant>(part: Part<Want>, want: Want, have: TextFile): Change {
  refuse(want, have)
  const missing = have.type === 'absent'
  const attributes = compare({ ...attributesWanted(want) }, missing ? undefined : { ...attributesThere(want, have) })
  if (missing && want.state === 'absent') return { action: 'none', fields: [] }
  const open = firstUnknown([want.state, ...part.deciding(want)])
  const field = open ? unknownField(part, want, have) : knownField(part, want, have)
  if (!field) return attributes
  const fields = [field, ...attributes.fields]
  if (missing && want.create === true) return { action: 'create', fields }
  if (missing) return { action: 'update', fields, why: 'expected to be there once the host is' }
  const { action } = attributes
  return { action: field.known ? 'update' : action === 'none' ? 'unknown' : action, fields }
}

function refuse(want: EditWant, have: TextFile): void {
  if (have.type !== 'file' && have.type !== 'absent')
    throw failure('E751', `${want.path} is a ${have.type}, not a file`)
  if (have.type === 'absent' && (want.state ?? 'present') === 'present' && !want.create && !have.assumed)
    throw failure('E756', `${want.path} is not there`, { hint: '`create: true` makes it' })
}

function unknownField<Want extends EditWant>(part: Part<Want>, want: Want, have: TextFile): Field {
  const sensitive = have.text !== undefined && hasSecret(part.deciding(want))
  return { path: part.name, known: false, ...(sensitive && { sensitive: true as const }) }
}

function knownField<Want extends EditWant>(part: Part<Want>, want: Want, have: TextFile): Field | undefined {
  const edited = part.edit(want, have.text ?? '')
  if (edited instanceof Secret) {
    if (same(edited, have.text ?? '')) return undefined
    return { path: part.name, after: '[secret]', known: true, sensitive: true }
  }
  if (edited.text === (have.text ?? '') && have.type === 'file') return undefined
  const before: Json = edited.before.join('\n')
  return {
    path: part.name,
    ...(edited.before.length > 0 && { before }),
    after: edited.after ?? null,
    known: true,
  }
}

/** Writes the whole file anew, after looking that nobody else did since it was read. */
export function stepsEdited<Want extends EditWant>(
  part: Part<Want>,
  want: Want,
  have: TextFile,
  change: Change,
): readonly Step[] {
  const text = have.text ?? ''
  const edited = part.edit(want, text)
  const content = edited instanceof Secret ? edited : edited.text
  const rewritten = change.fields.some((field) => field.path === part.name)
  const asContent = rewritten ? { ...change, fields: [...change.fields, { path: 'content', known: true }] } : change
  const steps = stepsWritten({ ...want, dest: have.real }, content, have, asContent)
  return rewritten && have.type === 'file' ? [unmoved(have.real, text), ...steps] : steps
}

/** What such modules do alike. */
export function editing<Want extends EditWant>(
  part: Part<Want>,
): Omit<HostModule<Want, TextFile>, 'summary' | 'args' | 'returns' | 'key' | 'diff'> {
  return {
    on: 'host',
    unsettled: ['backup_file'],
    probe: probeText,
    parse: parseText,
    blank: (want) => ({ ...absent, real: String(want.path), assumed: true }),
    steps: (want, have, change) => stepsEdited(part, want, have, change),
    returned: (want, _have, done) => ({ path: normalPath(want.path), ...backupFile(done) }),
    effects: (want) => ({
      writes: [pathEffect(want.path)],
      reads: [...accountsRead(want), ...(want.validate ? ['package:'] : [])],
    }),
  }
}

function backupFile(done: readonly Output[] | undefined): Values {
  const backup = done?.find((output) => output.stdout.endsWith('~\n'))?.stdout.trim()
  return { backup_file: backup ?? '' }
}

// $1 file; $2 SHA-256 of the text in which the part was put
const compareAgain = `
sum=$(sha256sum <"$1")
[ "\${sum%% *}" = "$2" ] && exit 0
echo "$1 was changed by somebody else while this was under way" >&2
exit 1
`

/** The whole file is written, so what somebody else put into it since it was read would be lost. */
function unmoved(path: string, text: string): Script {
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { kind: 'script', text: compareAgain, args: [path, sha256] }
}
