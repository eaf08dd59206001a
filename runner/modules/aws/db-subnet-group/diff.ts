import { compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>
export type Want = Wanted<Args, 'name'>

/** A subnet group as AWS has it. */
export interface Have extends Found {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly subnets: readonly string[]
}

/** What is to change about the group. All of it can be changed in place, but for the VPC that the subnets are in. */
export function diff(want: Want, have: Have | undefined): Change {
  const { description, subnets } = want
  return compare({ name: want.name.toLowerCase(), description, subnets }, have && { ...have }, { sets: ['subnets'] })
}
