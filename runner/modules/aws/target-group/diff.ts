import { compare, type Change, type Disruption } from '../../../plan/change.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>
export type Want = Wanted<Args, 'name'>

/** A target group as AWS has it. */
export interface Have extends Found {
  readonly name: string
  readonly arn: string
  readonly port: number
  readonly protocol: string
  readonly vpc: string
  readonly target_type: string
  readonly health_check: Readonly<Record<string, string | number>>
  readonly deregistration_delay: number
  readonly slow_start: number
  readonly stickiness: number
  /** ARNs of groups that this one replaced and that are still there. */
  readonly replaced: readonly string[]
}

export const disruption = {
  port: 'replace',
  protocol: 'replace',
  vpc: 'replace',
  target_type: 'replace',
} as const satisfies Readonly<Record<string, Disruption>>

/** What is to change about the group. Of the health check only what is given is managed. */
export function diff(want: Want, have: Have | undefined): Change {
  const { port, protocol = 'HTTP', vpc, target_type = 'instance', health_check } = want
  const { deregistration_delay, slow_start, stickiness } = want
  const wanted = { port, protocol, vpc, target_type, health_check, deregistration_delay, slow_start, stickiness }
  const managed = isMap(health_check) ? Object.keys(health_check) : undefined
  const there = have && {
    ...have,
    health_check: managed
      ? Object.fromEntries(managed.map((name) => [name, have.health_check[name] ?? null]))
      : have.health_check,
  }
  return compare(wanted, there, { replace: Object.keys(disruption), disruption })
}
