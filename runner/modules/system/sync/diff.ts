import { failure } from '../../../language/diagnostic.ts'
import type { Change, Field } from '../../../plan/change.ts'
import { firstUnknown, Unknown } from '../../../plan/unknown.ts'
import type { ArgsOf } from '../../module.ts'
import { LocalFolder, type LocalEntry } from '../../local-folder.ts'
import { absent, attributesWanted, type PathState } from '../path-state.ts'
import { refuseSecrets } from '../words.ts'
import { excluding } from './exclude.ts'
import { itemOf, type Form, type Item } from './manifest.ts'
import type { args } from './schema.ts'

/** `src` is its name as long as nothing is read (`plan --offline`). */
export type Args = Omit<ArgsOf<typeof args>, 'src'> & { readonly src: LocalFolder | string | Unknown }

export interface Have {
  readonly root: PathState
  /** All that is there; undefined: exactly what is wanted, or nothing. */
  readonly items: readonly Item[] | undefined
  readonly same: boolean
}

export const nothingThere: Have = { root: absent, items: undefined, same: false }

/** What is to be done about a tree. */
export interface Difference {
  readonly send: readonly { readonly entry: LocalEntry; readonly item: Item; readonly anew: boolean }[]
  /** Things whose permissions or owner alone differ. */
  readonly adjust: readonly { readonly item: Item; readonly have: Item }[]
  /** What has to go, the deepest first. */
  readonly remove: readonly Item[]
}

export function entriesOf({ src, exclude = [] }: Args): readonly LocalEntry[] {
  return src instanceof LocalFolder ? src.entries(excluding(exclude), JSON.stringify(exclude)) : []
}

/** Owner and group that are not known yet do not count for now. */
export function formOf(want: Args): Form {
  const { owner, group } = attributesWanted(want)
  const text = (value: unknown): string => (typeof value === 'string' ? value : '-')
  const mode = (value: unknown, otherwise?: string) => (typeof value === 'string' ? value.padStart(4, '0') : otherwise)
  return {
    owner: text(owner),
    group: text(group),
    fileMode: mode(want.file_mode),
    directoryMode: mode(want.directory_mode, '0755') as string,
  }
}

export function differenceOf(want: Args, have: Have): Difference {
  if (have.same) return { send: [], adjust: [], remove: [] }
  const form = formOf(want)
  const there = new Map((have.items ?? []).map((item) => [item.name, item]))
  const entries = entriesOf(want)
  const send: { entry: LocalEntry; item: Item; anew: boolean }[] = []
  const adjust: { item: Item; have: Item }[] = []
  const replaced = new Set<string>()
  for (const entry of entries) {
    const item = itemOf(entry, form)
    const old = there.get(entry.name)
    if (!old || old.type !== item.type || old.sha256 !== item.sha256 || old.target !== item.target) {
      send.push({ entry, item, anew: old === undefined })
      if (old && old.type !== item.type) replaced.add(old.name)
    } else if (attributes.some((one) => differs(item, old, one))) adjust.push({ item, have: old })
  }
  return { send, adjust, remove: removalOf(want, have.items ?? [], new Set(entries.map(({ name }) => name)), replaced) }
}

const attributes = ['mode', 'owner', 'group'] as const

/** `-`: it does not matter. */
function differs(item: Item, have: Item, attribute: (typeof attributes)[number]): boolean {
  return item[attribute] !== '-' && item[attribute] !== have[attribute]
}

/** What is there and is not to be, but for what is excluded and the directories that hold such. */
function removalOf(
  want: Args,
  items: readonly Item[],
  wanted: ReadonlySet<string>,
  replaced: ReadonlySet<string>,
): readonly Item[] {
  const skips = excluding(want.exclude ?? [])
  const kept = new Set<string>()
  const within = (name: string): readonly string[] => {
    const names = [name]
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) names.push(name.slice(0, at))
    return names
  }
  const isSkipped = (item: Item): boolean =>
    item.type === 'excluded' ||
    within(item.name).some((name) => skips(name, name !== item.name || item.type === 'directory'))
  for (const item of items) if (isSkipped(item)) for (const name of within(item.name)) kept.add(name)
  const goes = (item: Item): boolean => {
    if (within(item.name).some((name) => replaced.has(name))) return true
    return want.delete === true && !wanted.has(item.name) && !kept.has(item.name)
  }
  const list = items.filter(goes)
  const blocked = list.find(
    (item) =>
      replaced.has(item.name) && item.type === 'directory' && (kept.has(item.name) || (want.delete ?? false) === false),
  )
  if (blocked)
    throw failure('E751', `${want.dest}/${shown(blocked.name)} is a directory, and no file`, {
      hint: kept.has(blocked.name) ? 'something in it is excluded' : '`delete: true` takes it away',
    })
  return list.toSorted((a, b) => (a.name < b.name ? 1 : -1))
}

export function diff(want: Args, have: Have): Change {
  refuseSecrets(want as never, 'owner', 'group', 'file_mode', 'directory_mode', 'exclude')
  if (have.root.type !== 'absent' && have.root.type !== 'directory')
    throw failure('E751', `${want.dest} is a ${have.root.type}, not a directory`)
  const open = (['delete', 'owner', 'group', 'file_mode', 'directory_mode'] as const).flatMap(
    (path): readonly Field[] => (firstUnknown(want[path] ?? null) ? [{ path, known: false }] : []),
  )
  if (!(want.src instanceof LocalFolder))
    return {
      action: have.root.type === 'absent' ? 'create' : 'unknown',
      fields: [{ path: 'src', known: false }, ...open],
    }
  const { send, adjust, remove } = differenceOf(want, have)
  const fields = [
    ...listField(
      'new',
      send.filter(({ anew }) => anew).map(({ item }) => item),
    ),
    ...listField(
      'changed',
      send.filter(({ anew }) => !anew).map(({ item }) => item),
    ),
    ...attributeFields(adjust),
    ...listField('deleted', remove),
    ...open,
  ]
  if (have.root.type === 'absent') return { action: 'create', fields }
  if (fields.length === 0) return { action: 'none', fields }
  return { action: fields.some((field) => field.known) ? 'update' : 'unknown', fields }
}

const most = 40

function listField(path: string, items: readonly Item[]): readonly Field[] {
  if (items.length === 0) return []
  const names = items.map((item) => shown(item.name) + (item.type === 'directory' ? '/' : '')).toSorted()
  const more = names.length > most ? [`… and ${names.length - most} more`] : []
  return [{ path, after: [...names.slice(0, most), ...more], known: true }]
}

function attributeFields(adjust: Difference['adjust']): readonly Field[] {
  return attributes.flatMap((path) => {
    const differing = adjust.filter(({ item, have }) => differs(item, have, path))
    const lines = (side: 'item' | 'have') =>
      differing.slice(0, most).map((one) => `${shown(one.item.name)} ${one[side][path]}`)
    return differing.length === 0 ? [] : [{ path, before: lines('have'), after: lines('item'), known: true }]
  })
}

/** A name for people. */
export function shown(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8')
}
