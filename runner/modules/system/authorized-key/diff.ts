import { failure } from '../../../language/diagnostic.ts'
import type { Action, Change, Field } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { PathState } from '../path-state.ts'
import { refuseSecrets } from '../words.ts'
import { keysOf, label, lineOf, parseKey, type PublicKey } from './keys.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>
export type Want = Wanted<Args, 'user' | 'path'>

export interface Have {
  /** Undefined: there is no such user yet. */
  readonly account: { readonly uid: number; readonly gid: number; readonly home: string } | undefined
  readonly path: string
  readonly file: PathState
  readonly directory: PathState
  readonly text: string
}

/** The keys, what the file and its directory are like. */
export function diff(want: Want, have: Have): Change {
  refuseSecrets(want, 'key', 'options')
  if (have.file.type === 'directory' || have.file.type === 'other') throw failure('E751', `${have.path} is no file`)
  const keys = keysField(want, have)
  const present = (want.state ?? 'present') === 'present'
  if (have.file.type === 'absent' && !firstUnknown(want.state))
    return present ? { action: 'create', fields: keys ? [keys] : [] } : { action: 'none', fields: [] }
  const fields = [
    ...(keys ? [keys] : []),
    ...closed('mode', have.file, have, '0600'),
    ...(want.manage_dir === false || want.path !== undefined ? [] : closed('directory', have.directory, have, '0700')),
  ]
  if (fields.length === 0) return { action: 'none', fields }
  const action: Action = fields.some((field) => field.known) ? 'update' : 'unknown'
  return { action, fields }
}

/** sshd refuses (StrictModes) what others may write; only the user and root may own it. */
function closed(path: string, state: PathState, { account }: Have, mode: string): readonly Field[] {
  if (state.type === 'absent' || !account) return []
  const open = (Number.parseInt(state.mode ?? '0', 8) & 0o077) !== 0
  const owned = state.uid === account.uid
  if (!open && owned) return []
  const before = `${state.mode} ${state.owner}`
  return [{ path, before, after: `${mode} uid ${account.uid}`, known: true }]
}

function keysField(want: Want, have: Have): Field | undefined {
  const open = firstUnknown([want.key, want.state, want.options, want.exclusive])
  if (open) {
    const name = (['key', 'state', 'options', 'exclusive'] as const).find((one) => firstUnknown(want[one])) ?? 'key'
    return { path: name, known: false }
  }
  const there = keysIn(have.text)
  const wanted = keysIn(edited(want as Args, have.text))
  const before = there.map(label)
  const after = wanted.map(label)
  if (before.join('\n') === after.join('\n')) return undefined
  return { path: 'key', before, after, known: true }
}

function keysIn(text: string): readonly PublicKey[] {
  return text.split('\n').flatMap((line) => parseKey(line) ?? [])
}

/** The text of the file as it is to be. Comments and lines that are no keys stay, but for `exclusive`. */
export function edited(want: Args, text: string): string {
  const keys = keysOf(want.key as string | readonly string[])
  const missing = new Map(keys.map((key) => [key.blob, key]))
  const lines: string[] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (text === '') break
    const there = parseKey(line)
    const key = there && keys.find((one) => one.blob === there.blob)
    if (!there) {
      if (want.exclusive !== true) lines.push(line)
    } else if (!key) {
      if (want.exclusive !== true || want.state === 'absent') lines.push(line)
    } else if (want.state !== 'absent' && missing.delete(there.blob)) {
      const options = want.options ?? (key.options === '' ? there.options : key.options)
      lines.push(lineOf({ ...key, options, comment: key.comment === '' ? there.comment : key.comment }))
    }
  }
  if (want.state !== 'absent')
    for (const key of missing.values()) lines.push(lineOf({ ...key, options: want.options ?? key.options }))
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
