import type { SecretSource } from '../secret.ts'
import type { Range } from './diagnostic.ts'
import type { Expression, Template } from './expression/expression.ts'

/** YAML as written, with `{{ … }}` texts parsed and `!secret` tags recognised; nothing evaluated. */
export type Source = null | boolean | number | string | Template | SecretSource | readonly Source[] | SourceMap
export interface SourceMap {
  readonly [key: string]: Source
}

/** A playbook and all that it imports, checked as far as that is possible without running. */
export interface Program {
  readonly file: string
  /** Directory of the playbook: `playbook_dir`, and where relative file names start. */
  readonly directory: string
  readonly plays: readonly Play[]
  /** Every file read, by name, for code frames and for the plan's digest. */
  readonly sources: ReadonlyMap<string, string>
  /** Ranges of values by identity: of argument maps, their members (`at(map, key)`) and items. */
  readonly locate: Locate
}

/** The range of `container` itself, or of its member's key or value; undefined when not from a file. */
export type Locate = (container: object, key?: string | number, part?: 'key' | 'value') => Range | undefined

export interface Play {
  /** `1-network`: position and slug of the name; unique in the program. */
  readonly id: string
  readonly name: string
  readonly hosts: Source
  /** Where the pattern stands, if it is written. */
  readonly hostsAt?: Range
  readonly become?: Source
  readonly becomeUser?: Source
  readonly connection?: 'ssh' | 'local'
  readonly aws?: SourceMap
  /** vars_files merged first, then vars. */
  readonly vars: SourceMap
  readonly environment: SourceMap
  /** Batches: numbers, or percentages as `30%`. */
  readonly serial: readonly (number | string)[]
  readonly strategy: 'free' | 'linear'
  readonly maxFailPercentage?: number
  readonly anyErrorsFatal: boolean
  readonly gather?: readonly string[]
  readonly tags: readonly string[]
  /** pre_tasks, tasks, post_tasks. Handlers run after each section. */
  readonly sections: readonly (readonly Item[])[]
  readonly handlers: readonly Task[]
  readonly at: Range
}

export type Item = Task | Block

/** Keys that a block passes on to its tasks are already merged into these tasks (conditions joined, tags added, …). */
export interface Block {
  readonly kind: 'block'
  readonly name?: string
  readonly block: readonly Item[]
  readonly rescue: readonly Item[]
  readonly always: readonly Item[]
  readonly at: Range
}

export interface Task {
  readonly kind: 'task'
  /** `play-id/slug-of-the-name`, made unique with `~2`; stable when tasks are inserted before it. */
  readonly id: string
  readonly name: string
  /** `aws.security_group` */
  readonly module: string
  readonly args: SourceMap
  readonly register?: string
  /** All must hold. */
  readonly when: readonly Expression[]
  readonly loop?: Source
  readonly loopVar: string
  readonly loopLabel?: Source
  readonly notify: readonly string[]
  readonly listen: readonly string[]
  readonly tags: readonly string[]
  readonly become?: Source
  readonly becomeUser?: Source
  readonly vars: SourceMap
  readonly environment: SourceMap
  readonly until?: Expression
  readonly retries: number
  /** Seconds. */
  readonly delay: number
  /** Seconds. */
  readonly timeout?: number
  readonly ignoreErrors: boolean
  readonly failedWhen?: Expression
  readonly changedWhen?: Expression
  readonly noLog: boolean
  readonly delegateTo?: Source
  readonly runOnce: boolean
  /** Names of tasks of the same play. */
  readonly needs: readonly string[]
  readonly protect: boolean
  readonly at: Range
}
