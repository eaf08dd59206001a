import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Group } from './read.ts'
import type { args } from './schema.ts'

/** The number of instances is owned by the scaling policy: what was last asked for is kept in a tag, and only another wish is a change. */
export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Group | undefined): Change {
  const { launch_template, min_size, max_size, desired, subnets, target_groups, health_check, grace, warmup } = want
  if (typeof min_size === 'number' && typeof max_size === 'number' && min_size > max_size) {
    throw failure('E760', `min_size ${min_size} is more than max_size ${max_size}`, {
      hint: 'raise max_size or lower min_size',
    })
  }
  if (
    typeof desired === 'number' &&
    ((typeof min_size === 'number' && desired < min_size) || (typeof max_size === 'number' && desired > max_size))
  ) {
    throw failure('E760', `desired ${desired} is not between min_size and max_size`, {
      hint: 'leave it out to let the policy decide',
    })
  }
  const { min_healthy = 100, max_healthy = 200 } = isMap(want.refresh)
    ? (want.refresh as { min_healthy?: unknown; max_healthy?: unknown })
    : {}
  if (typeof min_healthy === 'number' && typeof max_healthy === 'number' && max_healthy - min_healthy > 100)
    throw failure('E760', `refresh: max_healthy ${max_healthy} is more than 100 above min_healthy ${min_healthy}`, {
      hint: 'AWS allows at most 100 between them',
    })
  const wanted = {
    launch_template,
    min_size,
    max_size,
    desired,
    subnets,
    target_groups,
    health_check: health_check ?? 'EC2',
    grace,
    warmup,
  }
  const there = have && {
    launch_template: have.launchTemplate,
    min_size: have.min,
    max_size: have.max,
    desired: have.asked ?? desired,
    subnets: have.subnets,
    target_groups: have.targetGroups,
    health_check: have.healthCheck,
    grace: have.grace,
    warmup: have.warmup,
  }
  return compare(wanted, there, { sets: ['subnets', 'target_groups'] })
}
