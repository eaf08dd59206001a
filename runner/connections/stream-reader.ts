import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { failure } from '../language/diagnostic.ts'
import type { LocalPart, Streamed } from './connection.ts'
import type { Stream } from './freight.ts'

/** Bytes that are read, compressed and announced at once: what of a stream is in memory is a few times that. */
export const chunk = 4 * 1_048_576

/** What a host says it has of a stream. */
export interface Part {
  readonly size: number
  readonly sha256: string
}

/** A stream from where the host goes on with it. */
export interface OpenStream {
  readonly stream: Stream
  /** Bytes that the host has already. */
  readonly at: number
  /** The next bytes, at most so many; undefined: that was all. */
  next(most: number): Promise<Buffer | undefined>
  /** SHA-256 of all of it, once it has been read. */
  digest(): string
  close(): Promise<void>
}

/** Opens a stream behind what the host has of it, if that is how the stream begins; else at its start. */
export async function openStream(stream: Stream, part: Part | undefined): Promise<OpenStream> {
  const { content } = stream
  const read = reader(content)
  if (!part || part.size === 0 || part.size > content.size) return { ...read, stream, at: 0 }
  for (let left = part.size; left > 0;) {
    const bytes = await read.next(Math.min(left, chunk))
    left -= bytes?.length ?? left
  }
  if (read.digest() === part.sha256) return { ...read, stream, at: part.size }
  await read.close()
  return { ...reader(content), stream, at: 0 }
}

function reader({ parts }: Streamed): Omit<OpenStream, 'at' | 'stream'> {
  const whole = createHash('sha256')
  const sources = parts[Symbol.iterator]()
  let source: Source | undefined
  const close = async (): Promise<void> => await source?.close()
  return {
    close,
    digest: () => whole.copy().digest('hex'),
    async next(most) {
      const buffer = Buffer.allocUnsafe(most)
      let filled = 0
      while (filled < most) {
        if (!source) {
          const part = sources.next()
          if (part.done) break
          source = part.value instanceof Uint8Array ? bytesOf(part.value) : await fileOf(part.value)
        }
        const read = await source.read(buffer.subarray(filled))
        if (read === 0) {
          await source.close()
          source = undefined
        }
        filled += read
      }
      if (filled === 0) return undefined
      whole.update(buffer.subarray(0, filled))
      return buffer.subarray(0, filled)
    },
  }
}

interface Source {
  /** How many bytes were put into the buffer; 0 at the end. */
  read(into: Buffer): Promise<number>
  close(): Promise<void>
}

function bytesOf(bytes: Uint8Array): Source {
  let at = 0
  return {
    read(into) {
      const part = bytes.subarray(at, at + into.length)
      into.set(part)
      at += part.length
      return Promise.resolve(part.length)
    },
    close: () => Promise.resolve(),
  }
}

/** The file as long as it is the one that was compared: never more bytes than it had, and in the end the same digest. */
async function fileOf(part: LocalPart): Promise<Source> {
  const name = typeof part.file === 'string' ? part.file : Buffer.from(part.file).toString('utf8')
  const changed = failure('E705', `${name} changed while it was sent`, { hint: 'run again when it is at rest' })
  const file = await opened(part.file, name)
  const hash = createHash('sha256')
  let left = part.size
  return {
    async read(into) {
      const { bytesRead } = await file.read(into, 0, Math.min(into.length, left))
      hash.update(into.subarray(0, bytesRead))
      left -= bytesRead
      if (bytesRead === 0 && (left > 0 || hash.digest('hex') !== part.sha256)) throw changed
      return bytesRead
    },
    close: async () => await file.close(),
  }
}

async function opened(file: string | Uint8Array, name: string): Promise<FileHandle> {
  try {
    return await open(file as string | Buffer, 'r')
  } catch (cause) {
    throw failure('E705', `cannot read ${name}`, { hint: 'it was there a moment ago', cause })
  }
}
