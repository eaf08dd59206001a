import type { Cloud, CloudTask } from '../connections/cloud.ts'
import type { Connection, Place } from '../connections/connection.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Diagnostic } from '../language/diagnostic.ts'
import type { LocalFile } from '../modules/local-file.ts'
import type { LocalFolder } from '../modules/local-folder.ts'
import type { Program, Task } from '../language/program.ts'
import type { Entry } from '../plan/plan.ts'
import type { Value, Values } from '../plan/unknown.ts'
import type { Secret, SecretSource } from '../secret.ts'
import type { EventBody } from './event.ts'
import type { Outcome } from './outcome.ts'
import type { Registers } from './registers.ts'

/** Everything outside the process that a walk may touch; given in, so that nothing else does. */
export interface World {
  connect(place: Place): Connection
  /** The account and region that a play's `aws:` names, on behalf of one task. */
  cloud(aws: Values, task: CloudTask): Promise<Cloud>
  /** Reads a file of this machine; throws when it can't. */
  readLocal(path: string): Uint8Array
  /** Takes the digest of a file of this machine; throws when it can't. */
  openFile(path: string): LocalFile
  /** Opens a folder of this machine; throws when there is none. */
  readFolder(path: string): LocalFolder
  secret(source: SecretSource): Value
  /** Has a text that came out of a secret kept from all that is told. */
  conceal(text: string): void
  /** Whether a host key is pinned under this name. */
  pinned(name: string): boolean
  /** Milliseconds since the epoch. */
  clock(): number
  /** Resolves after so many milliseconds; rejects with the signal's reason. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Puts what a connection, AWS or a bug threw into words. */
  explain(error: unknown): Diagnostic
  readonly becomePassword?: Secret
}

export interface WalkOptions {
  /** Hosts at a time. */
  readonly forks: number
  /** Read nothing: every object and host is taken to be absent. */
  readonly offline: boolean
  readonly allowDestroy: readonly string[]
  /** Names of tasks whose objects are taken over from somebody else. */
  readonly adopt: readonly string[]
  /** Delete what the playbook no longer names. */
  readonly prune: boolean
  readonly extraVars: Values
  readonly selects: (task: Task) => boolean
  /** Hosts that `--limit` leaves; undefined: all. */
  readonly limit?: ReadonlySet<string>
}

/** One pass over the program. `plan` reads and compares; `apply` also acts, within what `planned` promised. */
export interface Walk {
  readonly mode: 'plan' | 'apply'
  readonly program: Program
  readonly inventory: Inventory
  readonly options: WalkOptions
  readonly world: World
  readonly emit: (event: EventBody) => void
  /** Aborted by the first Ctrl-C: nothing new is begun, waits end. */
  readonly signal: AbortSignal
  /** Aborted by the second: what is under way is cut. */
  readonly cut: AbortSignal
  readonly planned?: ReadonlyMap<string, Entry>
  /** What the plan's walk found. */
  readonly foreseen?: ReadonlyMap<string, Outcome>
  /** Reading in order to destroy: hosts that go with their objects are not asked. */
  readonly destroying?: boolean
  /** Handlers that earlier runs owe, as their journals say: node → why. */
  readonly leftUndone?: ReadonlyMap<string, string>
  /** Work an earlier run finished (`--resume`): node → digest of its arguments; not run again when it cannot be read back. */
  readonly finished?: ReadonlyMap<string, string>
  readonly registers: Registers
  /** In the order in which they came up. */
  readonly outcomes: Map<string, Outcome>
  /** Nodes that wait for their object to be ready; the walk ends when all have. */
  readonly readying: Set<Promise<void>>
  /** When a host made by a task can be connected to. */
  readonly hostsReady: Map<string, Promise<void>>
  /** Of hosts that tasks made: asks AWS for their host keys. */
  readonly hostKeys: Map<string, () => Promise<readonly string[] | undefined>>
  /** Hosts of which AWS could not say them. */
  readonly unvouched: Set<string>
  /** Hosts that do not exist yet. */
  readonly blankHosts: Set<string>
  /** Hosts that a task of this walk makes. */
  readonly madeHosts: Map<string, string>
  readonly failedHosts: Set<string>
  /** Hosts on which this walk has done something: they are not as the plan saw them any more. */
  readonly disturbedHosts: Set<string>
}
