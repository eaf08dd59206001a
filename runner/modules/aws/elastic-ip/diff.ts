import { compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import type { args } from './schema.ts'

export interface ElasticIp extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly publicIp: string
  readonly association: string | undefined
  readonly instance: string | undefined
  /** Allocations of the same task that lead nowhere: AWS gave one, and its answer got lost. */
  readonly spare: readonly string[]
}

export function diff({ instance }: Wanted<ArgsOf<typeof args>, 'name'>, have: ElasticIp | undefined): Change {
  return compare({ instance }, have && { instance: have.instance })
}
