import type { FromSchema, JSONSchema } from 'json-schema-to-ts'
import type { Cloud } from '../connections/cloud.ts'
import type { Output, Step } from '../connections/connection.ts'
import type { Charges } from '../plan/bill.ts'
import type { Change, Update } from '../plan/change.ts'
import type { Unknown, Value, Values } from '../plan/unknown.ts'
import type { Secret } from '../secret.ts'

/**
 * JSON Schema of a map of arguments or outputs, written `as const satisfies ObjectSchema`: the one source for the
 * TypeScript types, ajv, the editor and the documentation.
 */
export type ObjectSchema = JSONSchema & {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, PropertySchema>>
  readonly required?: readonly string[]
  /** True only where the user names the members himself (`system.set_facts`). */
  readonly additionalProperties: boolean
  /** The argument meant where a task gives one text instead of a map: `system.shell: make install`. */
  readonly 'x-main'?: string
}
export type PropertySchema = JSONSchema & {
  readonly description: string
  /**
   * The value names something on the machine that runs the runner, relative to the playbook's directory; before the module
   * sees it, the engine replaces it: `file` by a `LocalFile`; `folder` by a `LocalFolder`; `template` by the text of
   * the file with its expressions evaluated (string, Secret or Unknown).
   */
  readonly 'x-reads'?: 'file' | 'folder' | 'template'
  /**
   * The texts of the value (itself, or the items of a list) are bare expressions, as in `when:`. The schema describes them
   * as written; the module is given a list of {@link Evaluated}.
   */
  readonly 'x-expressions'?: true
  /** On an output: it exists (or can be relied on) only once the object is ready, not as soon as AWS accepted it. */
  readonly 'x-ready'?: true
  /** It becomes part of a command line, which everybody on the host can read: a secret in it is refused by the plan. */
  readonly 'x-argv'?: true
  /** A text of at most so many bytes in UTF-8. */
  readonly 'x-bytes'?: number
}
export type ArgsOf<S extends JSONSchema> = FromSchema<S>

/** Arguments as `diff` is given them: all but the key may not be known yet, and every text may be a secret. */
export type Wanted<Args, Key extends keyof Args = never> = {
  readonly [K in keyof Args]: K extends Key ? Args[K] : Open<Args[K]>
}
type Open<T> = T extends readonly (infer Item)[]
  ? readonly Open<Item>[] | Unknown
  : T extends string
    ? T | Secret | Unknown
    : T extends object
      ? { readonly [K in keyof T]: Open<T[K]> } | Unknown
      : T | Unknown

/** An expression that stood in an argument with `x-expressions`, and what it came to. */
export interface Evaluated {
  readonly text: string
  readonly holds: Value
}

interface Common {
  readonly summary: string
  readonly args: ObjectSchema
  readonly returns: ObjectSchema
  /**
   * The arguments that say which thing is meant. They must be known to read what is there; every other argument may be
   * (or contain) an `Unknown` when `diff` sees it, so pass such values on to `compare` or wrap work on them in `known`.
   */
  readonly key: readonly string[]
  /** Outputs that an update changes: not known after one until read again. */
  readonly unsettled?: readonly string[]
}

/** A thing on a host. Wholly pure: says what to ask, how to understand the answer and which steps bring the change. */
export interface HostModule<Args = any, Have = any> extends Common {
  readonly on: 'host'
  /** Reads only. Composed with the probes of all other tasks of the host into one script. Absent: nothing to ask. */
  probe?(want: Args): Step
  parse?(output: Output, want: Args): Have
  /** What a host that does not exist yet is taken to have. */
  blank(want: Args): Have
  diff(want: Args, have: Have): Change
  /** Only called when all of `want` is known and `change.action` is not `none`, or when {@link HostModule.always} is true. */
  steps(want: Args, have: Have, change: Change): readonly Step[]
  /** `done`: outputs of the steps when they ran. `have`: after them, when they ran. */
  returned(want: Args, have: Have, done?: readonly Output[]): Values
  /** Steps run at every apply though nothing is to change (`command` with `changed_when: false`). */
  always?(want: Args): boolean
  /** How `destroy` takes it away; absent: it is left in place and the plan of destroy says so. */
  undo?(want: Args, have: Have): readonly Step[]
  /**
   * What the steps write and what probe and steps depend on: absolute paths (`/etc/x`, covering what is below), or
   * `package:`, `service:docker`, `user:ubuntu`. A directory that is read with a slash at its end (`/opt/app/`): whatever changes in it
   * may change what this task does. Consecutive tasks that don't touch each other's are sent as one batch.
   * Absent: a barrier, nothing is batched across it.
   */
  effects?(want: Args): { readonly writes: readonly string[]; readonly reads?: readonly string[] }
  /**
   * As a handler: asks whether it was left undone, by a run that failed, since these files changed. It prints `current`, what changed
   * and since when (so that it runs though nothing notified it), or nothing where that can't be told.
   */
  overdue?(want: Args, files: readonly string[]): Step | undefined
  /**
   * Whether its steps give users other groups. A process has the groups that its user had at log-in (initgroups(3)), so shells that
   * are open are given up for new ones.
   */
  regroups?(change: Change): boolean
  /**
   * The steps start the host anew: they are sent alone, and the engine connects until `yet` says true of what answers. Else it says
   * what is still so; `within`: seconds until that is a failure.
   */
  readonly restarted?: {
    within(want: Args): number
    yet(want: Args, before: Have, now: Have): true | string
  }
  /** Its steps may take a while: they are run beside those of other such modules that touch nothing of what they touch. */
  readonly slow?: true
  /**
   * What a line that a step prints tells of how far it is; undefined: it is output like any other. `before`: the state that was returned
   * with the line of that kind before.
   */
  progress?(line: string, before?: unknown): { readonly text: string; readonly state?: unknown } | undefined
  /** Seconds that it usually takes, where that is more than writing a file; for the plan's end and the graph, until a run has shown it. */
  readonly usual?: number
  /** The longest the steps may usually take, in seconds, before the engine ends them; default 600. */
  readonly timeout?: number
}

/** What every cloud module reads: which object it is and who owns it. */
export interface Found {
  readonly id: string
  /** Absent for things that are only looked up and never owned. */
  readonly tags?: Readonly<Record<string, string>>
  /**
   * What it is still doing (`creating`, `instance refresh 40 %`): not usable or not settled yet, so that an apply which finds
   * nothing to change (after an interrupted one) still waits for `ready`. Absent: settled.
   */
  readonly pending?: string | undefined
  /** Ids of further objects that belong to it: older images of a family, a target group that is being replaced. */
  readonly parts?: readonly string[]
}

/** An object in AWS. `diff` and `returned` are pure, the rest calls AWS. */
export interface CloudModule<Args = any, Have extends Found = any> extends Common {
  readonly on: 'aws'
  /** Undefined: there is none (also while it is being deleted for good). Never throws for absence. */
  read(want: Args, cloud: Cloud): Promise<Have | undefined>
  /** Asks AWS whether what is wanted can be had at all, before it is planned; throws when it cannot. Not asked in order to destroy. */
  check?(want: Args, have: Have | undefined, cloud: Cloud): Promise<void>
  diff(want: Args, have: Have | undefined): Change
  /** Brings the change about and returns when AWS has accepted it. Creates, updates and replaces (in the order that suits the thing). */
  apply(change: Change, want: Args, have: Have | undefined, cloud: Cloud): Promise<void>
  /** Waits until the object can be used and returns it. Called also when nothing was changed, so it must be quick then (it is given what was read). */
  ready(want: Args, have: Have, cloud: Cloud): Promise<Have>
  /** Outputs; those that don't exist yet are left out. */
  returned(have: Have): Values
  /** Outputs as they are after this update, unknown only as far as they are; those that stay are left out. Instead of `unsettled`. */
  foreseen?(change: Change, have: Have): Values
  /** Deletes and returns when it is gone. Called only for objects that are ours. */
  destroy(want: Args, have: Have, cloud: Cloud): Promise<void>
  /**
   * Arguments, enough to `read` and `destroy`, of every object of this kind that carries this playbook's tag; through one Describe of
   * the kind. By it orphans are found, and a destroy proves that nothing is left. Absent only for what is never owned.
   */
  owned?(cloud: Cloud): Promise<readonly Partial<Args>[]>
  /** Sets tags: by it `--adopt` takes over what belongs to somebody else. Absent only for what has no tags. */
  tag?(have: Have, tags: Readonly<Record<string, string>>, cloud: Cloud): Promise<void>
  /** Modules whose objects this one may hold or refer to: of orphans it goes before these. */
  readonly uses?: readonly string[]
  /** Deleting or replacing it loses data that nothing else has: needs `--allow-destroy` even without `protect`. */
  readonly holdsData?: true
  /** Those of the key that name what the object lives in (its VPC): while that is still to be made, the object cannot be there. */
  readonly within?: readonly string[]
  /** A task (with these arguments) that only looks something up: never created, never destroyed, `read` must find it. */
  readonly lookup?: true | ((want: Args) => boolean)
  /** The host that the object is, for `group:`; undefined when there is none yet. */
  host?(
    want: Args,
    have: Have | undefined,
  ): { name: string; group?: string; address?: string; pinAs?: string; vars?: Values } | undefined
  /** Keys, in the form of known_hosts, that AWS itself vouches for: of a host whose key is not known yet. Undefined: it cannot say. */
  hostKeys?(have: Have, cloud: Cloud): Promise<readonly string[] | undefined>
  /** What changing each argument does, and how long it takes: in `updates.ts`, which imports nothing that does I/O. */
  readonly updates?: Updates
  /**
   * What AWS bills for it by time, as it is and as it is wanted (`want` undefined: it goes); pure, in `charges.ts`. Absent: it costs
   * nothing by itself.
   */
  charges?(want: Args | undefined, have: Have | undefined): Charges
  /** Seconds it usually takes until ready, for the critical path and the progress line. */
  readonly usual?: { readonly create: number; readonly update?: number; readonly destroy?: number }
}

/**
 * By argument, or by another path that `diff` names: what changing it does. `create only`: it counts when the object is made and is not
 * compared afterwards; `not compared`: it says how something is done.
 */
export type Updates = Readonly<Record<string, Update | 'create only' | 'not compared'>>

/** Something decided by the runner itself: debug, assert, set_facts, fail. Pure. */
export interface RunnerModule<Args = any> extends Common {
  readonly on: 'runner'
  /** `message` is shown; `failure` fails the task. May be given unknowns, and then must not fail. */
  evaluate(want: Args): {
    readonly returned: Values
    readonly message?: string
    readonly failure?: string
    readonly facts?: Values
  }
}

export type Module = HostModule | CloudModule | RunnerModule
