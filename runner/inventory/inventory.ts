import type { SourceMap } from '../language/program.ts'
import type { InstanceQuery } from './from.ts'

/** How a host is reached: said of the host, or of a group for all that are in it. */
export interface Reach {
  readonly address?: string
  readonly port?: number
  readonly user?: string
  readonly identity?: string
  readonly become?: boolean
  readonly connection?: 'ssh' | 'local'
}

export interface Group {
  readonly hosts: readonly string[]
  readonly children: readonly string[]
  readonly vars: SourceMap
  readonly reach: Reach
  /** Where its members are asked for, and whether that was done. */
  readonly from?: InstanceQuery
  readonly asked?: true
}

export interface Host extends Reach {
  readonly name: string
  /** The host's own; those of its groups are added by `hostVars`. */
  readonly vars: SourceMap
  /** Name under which host keys are pinned instead of the address: an EC2 instance id. */
  readonly pinAs?: string
}

/** Hosts and groups. Tasks that make hosts add to it while a run goes on. */
export interface Inventory {
  readonly groups: Map<string, Group>
  readonly hosts: Map<string, Host>
}
