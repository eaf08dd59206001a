import type { ObjectSchema } from '../modules/module.ts'
import type { Source, SourceMap, Task } from './program.ts'
import type { Reading } from './reading.ts'

export interface Surroundings {
  /** Arguments and outputs of a module, and the arguments that say which object is meant. */
  readonly schemas: (module: string) => Promise<{ args: ObjectSchema; returns: ObjectSchema; key: readonly string[] }>
  readonly moduleNames: readonly string[]
  readonly exists: (file: string) => boolean
  /** Variables defined elsewhere: in the inventory, on the command line. */
  readonly extraNames: readonly string[]
}

/** What all parts of a compilation share. */
export interface Compiling {
  readonly reading: Reading
  readonly surroundings: Surroundings
  readonly directory: string
  readonly ids: Set<string>
  /** The maps that tasks were written as. */
  readonly written: WeakMap<Task, SourceMap>
  /** Names registered by tasks that could not be understood. */
  readonly lost: Set<string>
  /** Reads a YAML file that another one names; undefined (and a diagnostic) when it can't be. */
  source(file: string, named?: { map: object; key: string | number }): Source | undefined
  text(file: string): string | undefined
}

/** A name for nodes that nothing else in the program has. */
export function uniqueId(compiling: Compiling, wish: string): string {
  let id = wish
  for (let count = 2; compiling.ids.has(id); count++) id = `${wish}~${count}`
  compiling.ids.add(id)
  return id
}
