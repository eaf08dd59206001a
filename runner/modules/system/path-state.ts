import type { Output } from '../../connections/connection.ts'
import { failure } from '../../language/diagnostic.ts'
import { Unknown } from '../../plan/unknown.ts'
import { Secret } from '../../secret.ts'

/** What stands at a path of a host. */
export interface PathState {
  readonly type: 'absent' | 'file' | 'directory' | 'link' | 'other'
  /** Four octal digits. */
  readonly mode?: string
  readonly owner?: string
  readonly group?: string
  readonly uid?: number
  readonly gid?: number
  readonly size?: number
}

export const absent: PathState = { type: 'absent' }

/** The format of `stat -c` that {@link parseStat} understands; GNU and busybox print the same for it. */
export const statFormat = '%f|%u|%g|%s|%U|%G'

const types: Readonly<Record<number, PathState['type']>> = { 0o100000: 'file', 0o040000: 'directory', 0o120000: 'link' }

/** One line that `stat -c` printed with {@link statFormat}. */
export function parseStat(line: string): PathState {
  const [raw = '', uid, gid, size, owner = '', group = ''] = line.split('|')
  const bits = Number.parseInt(raw, 16)
  if (Number.isNaN(bits))
    throw failure('E754', `stat printed something that is not understood: ${JSON.stringify(line)}`)
  return {
    type: types[bits & 0o170000] ?? 'other',
    mode: (bits & 0o7777).toString(8).padStart(4, '0'),
    owner,
    group,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
  }
}

/** Fails when the probe was not allowed to look: not seeing a thing must never be taken for its absence. */
export function refuseDenied(output: Output, path: string): void {
  if (!/permission denied/i.test(output.stderr)) return
  throw failure('E750', `not allowed to read ${path}`, { hint: 'set `become: true` on the task or the play' })
}

interface Attributes {
  readonly owner?: unknown
  readonly group?: unknown
  readonly mode?: unknown
}

/** Wanted owner, group and mode in the form in which {@link attributesThere} gives those of the host. */
export function attributesWanted({ owner, group, mode }: Attributes): Attributes {
  return { owner: asText(owner), group: asText(group), mode: typeof mode === 'string' ? mode.padStart(4, '0') : mode }
}

/** Owner and group of the host as they were asked for: by number where a number is wanted, else by name. */
export function attributesThere(want: Attributes, have: PathState): Attributes {
  return {
    owner: isNumber(want.owner) ? asText(have.uid) : have.owner,
    group: isNumber(want.group) ? asText(have.gid) : have.group,
    mode: have.mode,
  }
}

function asText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
}

/** The accounts that must be there before a file can be given to them, as effects. */
export function accountsRead(want: Attributes): readonly string[] {
  const named = (kind: string, name: unknown): readonly string[] =>
    name === undefined || name instanceof Unknown || name instanceof Secret ? [] : [`${kind}:${String(name)}`]
  return [...named('user', want.owner), ...named('group', want.group)]
}

/** A path without doubled slashes, and without one at its end. */
export function normalPath(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '')
}

/** A path as an effect; one that is not known yet could be any. */
export function pathEffect(path: unknown): string {
  return typeof path === 'string' ? normalPath(path) : '/'
}
