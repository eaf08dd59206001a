import type { Exec, Script, Step, Upload } from '../../connections/connection.ts'
import { failure } from '../../language/diagnostic.ts'
import { compare, same, type Change, type Field } from '../../plan/change.ts'
import { Unknown, type Json } from '../../plan/unknown.ts'
import { Secret } from '../../secret.ts'
import { attributesThere, attributesWanted, normalPath } from './path-state.ts'
import { programOf } from './words.ts'
import { digestOfContent, shownSize, type Content, type Written } from './written-probe.ts'

/** What is wanted of a file besides what it holds. */
export interface Placing {
  readonly dest: string
  readonly owner?: unknown
  readonly group?: unknown
  readonly mode?: unknown
  readonly validate?: unknown
  readonly backup?: unknown
  /** `false`: a file that is there keeps what it holds. */
  readonly force?: unknown
}

/** What is to change about a file that is written as a whole. */
export function diffWritten(want: Placing, content: Content, have: Written): Change {
  if (have.type === 'directory' || have.type === 'other')
    throw failure('E751', `${want.dest} is a ${have.type === 'other' ? 'special file' : 'directory'}, not a file`, {
      hint: '`dest` is the name of the file itself',
    })
  // a link is replaced by a file of its own, not written through
  const state = have.type === 'link' ? 'file' : undefined
  const wanted = { state, ...attributesWanted(want) }
  const there = have.type === 'link' ? { state: 'link' } : attributesThere(want, have)
  const change = compare(wanted, have.type === 'absent' ? undefined : { ...there })
  const kept = want.force === false && have.type === 'file'
  const field = kept ? undefined : contentField(content, have, want.force)
  if (!field) return change
  const action =
    change.action === 'none' || change.action === 'unknown' ? (field.known ? 'update' : 'unknown') : change.action
  return { action, fields: [field, ...change.fields] }
}

function contentField(content: Content, have: Written, force?: unknown): Field | undefined {
  const digest = digestOfContent(content)
  if (!(digest instanceof Unknown) && have.type === 'file' && same(digest, have.sha256)) return undefined
  // whether it is replaced may be what is not known
  const known = !(digest instanceof Unknown) && !(force instanceof Unknown && have.type === 'file')
  const sensitive = digest instanceof Secret || (digest instanceof Unknown && digest.secret)
  return {
    path: 'content',
    ...(have.type === 'file' && { before: sensitive ? '[secret]' : shown(have.bytes, have.sha256, have.size) }),
    ...(known && { after: afterwards(content) }),
    known,
    ...(sensitive && { sensitive: true as const }),
  }
}

function afterwards(content: Content): Json {
  if (content instanceof Secret || content instanceof Unknown) return '[secret]'
  if (typeof content !== 'string') {
    const { size = 0, sha256 } = content
    return shown(size > shownSize ? undefined : content.content?.(), sha256, content.size)
  }
  const bytes = new TextEncoder().encode(content)
  return bytes.length > shownSize ? shown(undefined, String(digestOfContent(content)), bytes.length) : content
}

/** The text, where it is one and is small; else what tells it from another. */
function shown(bytes: Uint8Array | undefined, digest: string | undefined, size: number | undefined): string {
  const label = `sha256:${digest?.slice(0, 12) ?? '?'}${size === undefined ? '' : ` (${size} bytes)`}`
  if (!bytes) return size === 0 ? '' : label
  if (bytes.length > shownSize) return label
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // a NUL byte: binary, as git sees it
    return text.includes('\0') ? label : text
  } catch {
    return label
  }
}

// $1 the file. The time makes the name, as Ansible does it; printed for the output `backup_file`.
const backUp = 'copy="$1.$(date +%Y-%m-%d@%H:%M:%S)~" && cp -p "$1" "$copy" && echo "$copy"'

/** Writes the file anew where what it holds differs; else only gives it another owner or mode. */
export function stepsWritten(
  want: Placing,
  content: Upload['content'],
  have: Written,
  change: Change,
): readonly Step[] {
  const path = normalPath(want.dest)
  if (!rewritten(change)) return attributeSteps(want, path, change)
  const replaces = have.type === 'file'
  const { owner, group, mode } = attributesWanted(want)
  const kept = replaces ? { owner: String(have.uid), group: String(have.gid), mode: have.mode } : {}
  const set = { ...kept, ...defined({ owner, group, mode }) }
  return [
    ...backupSteps(want, have, path),
    {
      kind: 'upload',
      path,
      content,
      ...(have.type === 'link' && { overLink: true as const }),
      ...defined(set),
      ...(want.validate !== undefined && { validate: programOf(want.validate, 'validate') }),
    },
  ]
}

/** Whether the file is written, not only given to somebody. */
export function rewritten(change: Change): boolean {
  return change.action === 'create' || change.fields.some((field) => field.path === 'content' || field.path === 'state')
}

/** Keeps what was there, where that is asked for. */
export function backupSteps(want: Placing, have: Written, path: string): readonly Script[] {
  return want.backup === true && have.type === 'file' ? [{ kind: 'script', text: backUp, args: [path] }] : []
}

/** Sets owner and mode of a file that is there; the owner first, because chown takes set-user-ID bits away. */
export function attributeSteps(want: Placing, path: string, change: Change): readonly Exec[] {
  const { owner, group, mode } = attributesWanted(want)
  const changed = (name: string) => change.fields.some((field) => field.path === name)
  const account = `${owner === undefined ? '' : String(owner)}${group === undefined ? '' : `:${String(group)}`}`
  return [
    ...(changed('owner') || changed('group')
      ? [{ kind: 'exec' as const, argv: ['chown', account, path] as const }]
      : []),
    ...(changed('mode') ? [{ kind: 'exec' as const, argv: ['chmod', String(mode), path] as const }] : []),
  ]
}

/** Taken away only if it still holds what the task wrote. */
export function undoWritten(want: Placing, content: Content, have: Written): readonly Exec[] {
  const digest = digestOfContent(content)
  const ours = have.type === 'file' && !(digest instanceof Unknown) && same(digest, have.sha256)
  return ours ? [{ kind: 'exec', argv: ['rm', '-f', normalPath(want.dest)] }] : []
}

function defined(values: Readonly<Record<string, unknown>>): { owner?: string; group?: string; mode?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
