import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import type { args } from './schema.ts'

/**
 * A tag of a group of which instances or targets were changed, until a run has seen them serve. AWS has no other memory of it: by it the next
 * run goes on with a wait that was interrupted, and does not wait where nothing was changed and targets have become unhealthy since.
 */
export const settlingTag = 'runner:settling'

/**
 * Whether a change starts or ends instances, or gives them other targets. A roll-out is not meant: AWS itself has a memory of that; nor is another
 * number that is asked for: the tag that keeps it is written afterwards, and with it this one.
 */
export function unsettles(
  { fields }: Change,
  { min_size, max_size }: Pick<ArgsOf<typeof args>, 'min_size' | 'max_size'>,
  { capacity }: { readonly capacity: number },
): boolean {
  const changes = (...paths: string[]): boolean => fields.some((field) => paths.includes(field.path))
  return (
    changes('subnets', 'target_groups') ||
    (changes('min_size') && min_size > capacity) ||
    (changes('max_size') && max_size < capacity)
  )
}

/** Of a target group that no load balancer uses AWS checks nothing (ELB API Reference, TargetHealth: Target.NotInUse). */
export function unusedTargets(names: readonly string[]): string {
  const several = names.length > 1
  return `no load balancer uses the target group${several ? 's' : ''} ${names.join(', ')}, so that AWS does not check ${several ? 'their' : 'its'} targets`
}
