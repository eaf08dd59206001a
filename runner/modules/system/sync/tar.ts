import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { LocalPart, Streamed } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { LocalEntry } from '../../local-folder.ts'
import type { Item } from './manifest.ts'

const block = 512

/** The things as an archive, as GNU tar writes it (https://www.gnu.org/software/tar/manual/html_node/Standard.html); files only by name. */
export function archiveOf(things: readonly { readonly entry: LocalEntry; readonly item: Item }[]): Streamed {
  const parts: (Buffer | LocalPart)[] = []
  for (const { entry, item } of things) {
    const name = `./${entry.name}${entry.type === 'directory' ? '/' : ''}`
    if (name.length > 100) parts.push(...long('L', name))
    if (entry.target.length > 100) parts.push(...long('K', entry.target))
    const size = entry.type === 'file' ? entry.size : 0
    parts.push(header(name, entry, item, size))
    if (size > 0) parts.push({ file: entry.path, size, sha256: entry.sha256 }, padding(size))
  }
  parts.push(Buffer.alloc(2 * block))
  const id = createHash('sha256')
  for (const part of parts) id.update(Buffer.isBuffer(part) ? part : part.sha256)
  const size = parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.size), 0)
  return { id: id.digest('hex'), size, parts }
}

/** The same in one piece and compressed, for one that is small. */
export function packedArchive(
  { parts }: Streamed,
  things: readonly { readonly entry: LocalEntry; readonly item: Item }[],
): Uint8Array {
  const files = things.filter(({ entry }) => entry.type === 'file' && entry.size > 0).values()
  const bytes = parts.map((part) => {
    if (part instanceof Uint8Array) return part
    const content = files.next().value?.entry.content()
    if (content?.length !== part.size)
      throw failure('E705', `${Buffer.from(part.file).toString()} changed while it was sent`, {
        hint: 'run again when it is at rest',
      })
    return content
  })
  return gzipSync(Buffer.concat(bytes), { level: 6 })
}

/** A name that is too long for a header stands before it, as a file of its own. */
function long(type: 'L' | 'K', text: string): readonly Buffer[] {
  const content = Buffer.from(`${text}\0`, 'latin1')
  return [fields({ name: '././@LongLink', mode: '0000644', size: content.length, type, time: 0 }), ...padded(content)]
}

function header(name: string, entry: LocalEntry, item: Item, size: number): Buffer {
  return fields({
    name,
    mode: item.type === 'link' ? '0777' : item.mode,
    size,
    time: entry.time,
    type: entry.type === 'directory' ? '5' : entry.type === 'link' ? '2' : '0',
    target: entry.target,
    owner: item.owner,
    group: item.group,
  })
}

interface Fields {
  readonly name: string
  readonly mode: string
  readonly size: number
  readonly time: number
  readonly type: string
  readonly target?: string
  readonly owner?: string
  readonly group?: string
}

function fields({ name, mode, size, time, type, target = '', owner = '-', group = '-' }: Fields): Buffer {
  const buffer = Buffer.alloc(block)
  const put = (text: string, at: number, length: number): void => void buffer.write(text.slice(0, length), at, 'latin1')
  const octal = (value: number, width: number): string => value.toString(8).padStart(width, '0')
  const number = (who: string): number => (/^\d+$/.test(who) ? Number(who) : 0)
  put(name, 0, 100)
  put(octal(Number.parseInt(mode, 8), 7), 100, 8)
  put(octal(number(owner), 7), 108, 8)
  put(octal(number(group), 7), 116, 8)
  put(octal(size, 11), 124, 12)
  put(octal(Math.max(0, time), 11), 136, 12)
  put('        ', 148, 8)
  put(type, 156, 1)
  put(target, 157, 100)
  put('ustar  \0', 257, 8)
  put(/^\d+$/.test(owner) || owner === '-' ? '' : owner, 265, 32)
  put(/^\d+$/.test(group) || group === '-' ? '' : group, 297, 32)
  const sum = buffer.reduce((total, byte) => total + byte, 0)
  put(`${octal(sum, 6)}\0 `, 148, 8)
  return buffer
}

function padded(content: Buffer): readonly Buffer[] {
  return [content, padding(content.length)]
}

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block)
}
