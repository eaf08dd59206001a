import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, type BigIntStats } from 'node:fs'

/** Bytes that are read at once. */
const piece = 1_048_576

/** SHA-256 of files in hexadecimal. One is read again only if its time or size changed since, however many hosts it is compared with. */
export type Digests = (path: Buffer, stat: BigIntStats) => string

export function makeDigests(): Digests {
  const known = new Map<string, string>()
  return (path, stat) => {
    const key = [path.toString('latin1'), stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join('\0')
    const digest = known.get(key) ?? digestOf(path)
    known.set(key, digest)
    return digest
  }
}

function digestOf(path: Buffer): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(piece)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
