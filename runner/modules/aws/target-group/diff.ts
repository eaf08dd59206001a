import { compare, type Change } from '../../../plan/change.ts'
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
  /** Empty where there is none: of TCP. */
  readonly protocol_version: string
  readonly target_type: string
  /** What is registered; undefined unless it was asked for. */
  readonly targets: readonly string[] | undefined
  readonly health_check: Readonly<Record<string, string | number>>
  readonly deregistration_delay: number
  readonly slow_start: number
  readonly algorithm: string
  readonly stickiness: number
  /** ARNs of groups that this one replaced and that are still there. */
  readonly replaced: readonly string[]
}

/** What is to change about the group. Of the health check only what is given is managed. */
export function diff(want: Want, have: Have | undefined): Change {
  const { port, protocol = 'HTTP', protocol_version, vpc, target_type = 'instance', targets, health_check } = want
  const { deregistration_delay, slow_start, algorithm, stickiness } = want
  const wanted = {
    port,
    protocol,
    protocol_version,
    vpc,
    target_type,
    targets,
    // a number and its text are one port
    health_check:
      isMap(health_check) && typeof health_check.port === 'number'
        ? { ...health_check, port: String(health_check.port) }
        : health_check,
    deregistration_delay,
    slow_start,
    algorithm,
    stickiness,
  }
  const managed = isMap(health_check) ? Object.keys(health_check) : undefined
  const there = have && {
    ...have,
    health_check: managed
      ? Object.fromEntries(managed.map((name) => [name, have.health_check[name] ?? null]))
      : have.health_check,
  }
  return compare(wanted, there, {
    sets: ['targets'],
    replace: ['port', 'protocol', 'protocol_version', 'vpc', 'target_type'],
  })
}
