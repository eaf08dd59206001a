import { compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Policy } from './read.ts'
import type { args } from './schema.ts'

export function diff(
  { target_cpu, warmup, scale_in }: Wanted<ArgsOf<typeof args>, 'name' | 'group'>,
  have: Policy | undefined,
): Change {
  const wanted = { target_cpu, warmup, scale_in: scale_in ?? true }
  return compare(wanted, have && { target_cpu: have.target, warmup: have.warmup, scale_in: have.scaleIn })
}
