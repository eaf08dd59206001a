/** One thing below a folder of the machine that runs the runner. */
export interface LocalEntry {
  /** Relative to the folder. Each character stands for one byte: file names need not be UTF-8. */
  readonly name: string
  readonly type: 'file' | 'directory' | 'link'
  readonly executable: boolean
  /** Bytes. */
  readonly size: number
  /** Seconds since the epoch. */
  readonly time: number
  /** Hexadecimal; of files only. */
  readonly sha256: string
  /** What a link points to, in bytes as the name is. */
  readonly target: string
  /** Where it lies, in bytes. */
  readonly path: Uint8Array
  /** What a file holds, read when it is asked for. */
  content(): Uint8Array
}

/**
 * A folder of the machine that runs the runner. It is walked and read only when a module asks, which knows what is left out; being a
 * class, nothing looks through its entries for values that are not known yet.
 */
export class LocalFolder {
  readonly path: string
  readonly #list: (skips: (name: string, directory: boolean) => boolean) => readonly LocalEntry[]

  readonly #known = new Map<string, readonly LocalEntry[]>()

  constructor(path: string, list: (skips: (name: string, directory: boolean) => boolean) => readonly LocalEntry[]) {
    this.path = path
    this.#list = list
  }

  /**
   * All below it, each directory before what is in it; a directory that is skipped is not looked into. `kind` tells what is skipped:
   * the folder is walked once for each, so that a task compares, sends and checks the same.
   */
  entries(skips: (name: string, directory: boolean) => boolean, kind: string): readonly LocalEntry[] {
    const known = this.#known.get(kind)
    if (known) return known
    const entries = this.#list(skips)
    this.#known.set(kind, entries)
    return entries
  }

  toJSON(): string {
    return this.path
  }
}
