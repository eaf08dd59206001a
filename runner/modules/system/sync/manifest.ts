import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { LocalEntry } from '../../local-folder.ts'

/** A thing in a tree, by what has to be alike on both sides. Names are in bytes, a character for each. */
export interface Item {
  readonly name: string
  readonly type: 'file' | 'directory' | 'link' | 'other' | 'excluded'
  /** Four octal digits; of links nothing. */
  readonly mode: string
  /** As it was asked for: by name or number; `-` if it does not matter. */
  readonly owner: string
  readonly group: string
  readonly sha256: string
  readonly target: string
}

const letters: Readonly<Record<string, Item['type']>> = { f: 'file', d: 'directory', l: 'link', x: 'excluded' }

/** What a tree is to be like. */
export interface Form {
  readonly owner: string
  readonly group: string
  readonly fileMode: string | undefined
  readonly directoryMode: string
}

export function itemOf(entry: LocalEntry, form: Form): Item {
  const { name, type, sha256, target } = entry
  const mode =
    type === 'link'
      ? ''
      : type === 'directory'
        ? form.directoryMode
        : (form.fileMode ?? (entry.executable ? '0755' : '0644'))
  return { name, type, mode, owner: form.owner, group: form.group, sha256, target }
}

/** The digest of what the host would print about a tree that is as it should be: where it has the same, it prints no more. */
export function digestOfItems(items: readonly Item[]): string {
  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
  const letter = { file: 'f', directory: 'd', link: 'l', other: 'o', excluded: 'x' } as const
  const lines = items.map((item) => {
    const mode = item.type === 'link' ? '777' : item.mode.replace(/^0+(?=.)/, '')
    return `${letter[item.type]} ${mode} ${item.owner} ${item.group} ${item.name}//${item.target}`
  })
  const sums = items.filter((item) => item.type === 'file').map((item) => `${item.sha256}  ./${item.name}`)
  const hash = createHash('sha256')
  for (const line of [...lines.sort(), ...sums.sort()]) hash.update(bytes(`${line}\0`))
  return hash.digest('hex')
}

/** What the host printed: compressed records, each ended by a NUL. */
export function parseManifest(encoded: string): readonly Item[] {
  const records = gunzipSync(Buffer.from(encoded, 'base64')).toString('latin1').split('\0')
  const sums = new Map<string, string>()
  for (const record of records) {
    const sum = /^([0-9a-f]{64}) {2}\.\/([\s\S]*)$/.exec(record)
    if (sum) sums.set(sum[2] as string, sum[1] as string)
  }
  return records.flatMap((record): readonly Item[] => {
    const found = /^([a-zA-Z]) (\d+|-) (\S+) (\S+) ([\s\S]*?)\/\/([\s\S]*)$/.exec(record)
    if (!found) return []
    const [, letter = '', mode = '', owner = '', group = '', name = '', target = ''] = found
    const type = letters[letter] ?? 'other'
    const digits = type === 'link' ? '' : mode.padStart(4, '0')
    return [{ name, type, mode: digits, owner, group, sha256: sums.get(name) ?? '', target }]
  })
}
