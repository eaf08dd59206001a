import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { BatchOptions } from './connection.ts'
import type { Stream } from './freight.ts'
import { chunk, openStream, type OpenStream, type Part } from './stream-reader.ts'

/** Chunks in a row that did not get smaller, after which it is no longer tried with each. */
const tries = 2
/** Of those, one in so many is tried all the same: what comes later may be of another kind. */
const seldom = 8

interface Packed {
  readonly header: string
  readonly bytes: Buffer
  /** Bytes of the file. */
  readonly size: number
}

/** Writes to the host and tells what has left; false: there is nobody to write to. */
type Deliver = (bytes: Buffer, told?: (left: number) => void) => Promise<boolean>

/** Opens streams behind what the host printed of its parts. */
export async function openStreams(streams: readonly Stream[], printed: string): Promise<readonly OpenStream[]> {
  const parts = parseParts(printed)
  return await Promise.all(streams.map(async (stream, index) => await openStream(stream, parts[index])))
}

/** Sends the streams one after the other; when one can't be read on, the host is told that it ends, and so do the others. */
export async function sendStreams(
  opened: readonly OpenStream[],
  deliver: Deliver,
  onSent: BatchOptions['onSent'],
): Promise<void> {
  const errors: unknown[] = []
  for (const one of opened) {
    const { steps, content } = one.stream
    try {
      if (errors.length === 0) await sendStream(one, deliver, (sent) => onSent?.(steps[0], sent, content.size))
    } catch (error) {
      errors.push(error)
    }
    if (errors.length > 0) await deliver(Buffer.from('end -\n'))
    await one.close()
  }
  if (errors.length > 0) throw errors[0]
}

/**
 * Sends a stream as chunks: a line with the length (and `z` where it is compressed), and the bytes; in the end a line with the digest of it
 * all. A chunk is read and compressed while the one before is on its way.
 */
async function sendStream(stream: OpenStream, deliver: Deliver, onSent: (bytes: number) => void): Promise<void> {
  const pack = packer()
  const next = async (): Promise<Packed | undefined> => {
    const bytes = await stream.next(chunk)
    return bytes && (await pack(bytes))
  }
  let sent = stream.at
  let coming = next()
  for (let packed = await coming; packed; packed = await coming) {
    const { header, bytes, size } = packed
    coming = next()
    // it is waited for only when this one has left
    coming.catch(() => undefined)
    const before = sent
    await deliver(Buffer.from(header))
    const gone = await deliver(bytes, (left) => onSent(before + Math.round((left * size) / bytes.length)))
    if (!gone) return
    sent += size
  }
  await deliver(Buffer.from(`end ${stream.digest()}\n`))
}

function packer(): (bytes: Buffer) => Promise<Packed> {
  let useless = 0
  return async (bytes) => {
    const plain = { header: `${bytes.length}\n`, bytes, size: bytes.length }
    if (useless >= tries && useless % seldom !== 0) {
      useless += 1
      return plain
    }
    // the quickest level: a link is seldom slower than the better ones
    const small = await promisify(gzip)(bytes, { level: 1 })
    const smaller = small.length < bytes.length * 0.95
    useless = smaller ? 0 : useless + 1
    return smaller ? { header: `${small.length} z\n`, bytes: small, size: bytes.length } : plain
  }
}

/** What the host printed about its parts. */
function parseParts(stdout: string): readonly (Part | undefined)[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [, size, sha256] = /^(\d+) ([0-9a-f]{64})$/.exec(line) ?? []
      return size !== undefined && sha256 !== undefined ? { size: Number(size), sha256 } : undefined
    })
}
