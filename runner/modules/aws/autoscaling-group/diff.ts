import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { isMap, type Value, type Values } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { capacityWhy } from './capacity.ts'
import type { Group } from './read.ts'
import type { args } from './schema.ts'
import { unusedTargets } from './settling.ts'

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
  const refresh: Values = isMap(want.refresh) ? want.refresh : {}
  refuseRefresh(refresh)
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
  const sets = ['subnets', 'target_groups']
  // with nothing that has to serve all instances may be replaced at once
  const change =
    refresh['min_healthy'] === 0
      ? compare(wanted, there, { sets, disruption: { launch_template: 'restart' } })
      : compare(wanted, there, { sets })
  const why = have && capacityWhy({ min_size, max_size, desired }, have, change)
  const troubles = have === undefined || have.pending !== undefined ? [] : troublesOf(have)
  const said = [...troubles, why].filter((text) => text !== undefined).join('; ')
  return said === '' ? change : { ...change, why: said, ...(troubles.length > 0 && { warns: true }) }
}

/** What is wrong with a group that nobody changed: nothing to do for an apply, but not as it should be. */
function troublesOf({ lacks, unused }: Group): readonly string[] {
  return [...(lacks === undefined ? [] : [lacks]), ...(unused.length > 0 ? [unusedTargets(unused)] : [])]
}

/** What AWS would refuse, or leave half done (API Reference, RefreshPreferences). */
function refuseRefresh(refresh: Values): void {
  const { min_healthy = 100, max_healthy = 200, checkpoints, checkpoint_delay } = refresh
  const refused = (message: string, hint: string) => failure('E760', `refresh: ${message}`, { hint })
  if (typeof min_healthy === 'number' && typeof max_healthy === 'number' && max_healthy - min_healthy > 100)
    throw refused(
      `max_healthy ${max_healthy} is more than 100 above min_healthy ${min_healthy}`,
      'AWS allows at most 100 between them',
    )
  if (checkpoint_delay !== undefined && checkpoints === undefined)
    throw refused('checkpoint_delay says how long, but there are no checkpoints', 'say where: checkpoints: [50, 100]')
  if (!Array.isArray(checkpoints)) return
  const numbers = (checkpoints as readonly Value[]).filter((one) => typeof one === 'number')
  if (numbers.length < checkpoints.length) return
  if (numbers.some((one, at) => at > 0 && one <= (numbers[at - 1] ?? 0)) || numbers.at(-1) !== 100)
    throw refused(
      `checkpoints ${numbers.join(', ')} do not ascend up to 100`,
      'each is greater than the one before; without 100 at the end some instances would not be replaced',
    )
}
