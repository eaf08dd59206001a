import type { Traffic } from '../connections/traffic.ts'
import type { Diagnostic } from '../language/diagnostic.ts'
import type { Action, Field } from '../plan/change.ts'
import type { Leftover } from '../plan/leftover.ts'
import type { Plan } from '../plan/plan.ts'
import type { Json } from '../plan/unknown.ts'

/** How a node ended. */
export type Result = 'ok' | 'changed' | 'failed' | 'ignored' | 'skipped' | 'unreachable' | 'blocked' | 'cancelled'

/** Everything that happens in a run, in order; written to the journal and drawn by renderers. `t`: milliseconds since the epoch. */
export type Event = { readonly t: number } & (
  | {
      readonly type: 'run.start'
      readonly run: string
      readonly verb: 'plan' | 'apply' | 'destroy'
      readonly playbook: string
      readonly resumed?: string
    }
  | { readonly type: 'notice'; readonly text: string; readonly where?: string }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic; readonly node?: string }
  | { readonly type: 'plan'; readonly plan: Plan }
  /** What a destroy has left; nothing: it is proven that all is gone. */
  | { readonly type: 'sweep'; readonly left: readonly Leftover[] }
  | { readonly type: 'play.start'; readonly play: string; readonly name: string; readonly hosts: readonly string[] }
  | {
      readonly type: 'read.progress'
      readonly done: number
      readonly all: number
      readonly last?: string
      /** Hosts that are being read. */
      readonly waiting?: readonly string[]
    }
  | {
      readonly type: 'node.start'
      readonly node: string
      readonly task: string
      readonly module: string
      readonly where: string
      readonly phase: 'act' | 'ready' | 'destroy'
      readonly action: Action
      /** Seconds it usually takes, where known. */
      readonly usual?: number
    }
  | { readonly type: 'node.status'; readonly node: string; readonly text: string }
  | { readonly type: 'node.output'; readonly node: string; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | {
      /** It takes twice as long as it usually does. */
      readonly type: 'node.slow'
      readonly node: string
      readonly seconds: number
      readonly usual: number
      /** What was last heard of it. */
      readonly last?: string
    }
  | {
      readonly type: 'node.retry'
      readonly node: string
      readonly attempt: number
      readonly of: number
      readonly why: string
    }
  | {
      readonly type: 'node.done'
      readonly node: string
      readonly task: string
      readonly where: string
      readonly phase: 'act' | 'ready' | 'destroy'
      readonly result: Result
      readonly action: Action
      readonly fields?: readonly Field[]
      readonly seconds: number
      readonly message?: string
      readonly returned?: Json
      /** SHA-256 of the arguments of a command that ran, for `--resume`. */
      readonly digest?: string
    }
  | {
      readonly type: 'run.done'
      readonly ok: boolean
      readonly exit: number
      readonly seconds: number
      readonly results: Readonly<Record<Result, number>>
      /** Predictions of the plan that came true, of all that were made. */
      readonly accuracy?: {
        readonly right: number
        readonly all: number
        readonly misses: readonly { node: string; predicted: Action; done: Action }[]
      }
      readonly apiCalls?: Readonly<Record<string, number>>
      /** By host: round trips after the handshake, and bytes. */
      readonly traffic?: Readonly<Record<string, Traffic>>
    }
)

// keeps `type` narrow for callers that build events without the time
export type EventBody = Event extends infer E ? (E extends { t: number } ? Omit<E, 't'> : never) : never
