import type { Output, Step } from '../connections/connection.ts'
import type { Change } from '../plan/change.ts'
import type { Found, HostUnit } from './host-look.ts'

/** A task whose steps are about to run. */
export interface Doing {
  readonly unit: HostUnit
  readonly have: unknown
  readonly change: Change
  readonly steps: readonly Step[]
}

/** What came of sending the steps of some tasks. */
export interface Attempted {
  /** Outputs of a unit's steps; undefined when it was not reached. */
  readonly perUnit: readonly (readonly Output[] | undefined)[]
  /** What was found afterwards. */
  readonly after: readonly (Found | undefined)[]
}
