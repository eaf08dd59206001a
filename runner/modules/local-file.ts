import { createHash } from 'node:crypto'
import { large, type Upload } from '../connections/connection.ts'

/**
 * A file of the machine that runs the runner, told by its digest. What it holds is read only when it is asked for; being a class, nothing
 * looks through it for values that are not known yet.
 */
export class LocalFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Hexadecimal. */
  readonly sha256: string
  readonly #read: () => Uint8Array

  constructor(path: string, size: number, sha256: string, read: () => Uint8Array) {
    this.path = path
    this.size = size
    this.sha256 = sha256
    this.#read = read
  }

  /** One whose content is at hand. */
  static of(path: string, content: Uint8Array): LocalFile {
    return new LocalFile(path, content.length, createHash('sha256').update(content).digest('hex'), () => content)
  }

  content(): Uint8Array {
    return this.#read()
  }

  /** As an upload takes it: a large file only by name, so that it is never in memory as a whole. */
  sent(): Upload['content'] {
    const { path, size, sha256 } = this
    return size < large ? this.content() : { id: sha256, size, parts: [{ file: path, size, sha256 }] }
  }

  toString(): string {
    return `${this.path} sha256:${this.sha256}`
  }

  toJSON(): string {
    return this.path
  }
}
