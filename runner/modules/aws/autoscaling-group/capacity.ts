import type { Change } from '../../../plan/change.ts'
import type { Group } from './read.ts'

interface Bounds {
  readonly min_size: unknown
  readonly max_size: unknown
  readonly desired: unknown
}

const count = (number: number): string => `${number} instance${number === 1 ? '' : 's'}`

/**
 * What becomes of the number of instances, in words, where one would wonder: another wish counts at once, and AWS moves the number when it is
 * outside of new bounds (Auto Scaling API Reference, UpdateAutoScalingGroup: MinSize, MaxSize). Else it is the scaling policy's.
 */
export function capacityWhy(
  { min_size, max_size, desired }: Bounds,
  have: Group,
  { fields }: Change,
): string | undefined {
  const { capacity, asked } = have
  const changes = (path: string): boolean => fields.some((field) => field.path === path)
  const moved = (to: number): string =>
    to < capacity
      ? `ends ${capacity - to} of the ${count(capacity)}`
      : `adds ${to - capacity} to the ${count(capacity)}`
  if (changes('desired'))
    return typeof desired === 'number' && desired !== capacity && capacity !== asked
      ? `asking for ${desired} ${moved(desired)} that the scaling policy wants now`
      : undefined
  if (changes('min_size') && typeof min_size === 'number' && min_size > capacity)
    return `min_size ${min_size} ${moved(min_size)} that there are to be now`
  if (changes('max_size') && typeof max_size === 'number' && max_size < capacity)
    return `max_size ${max_size} ${moved(max_size)} that there are to be now`
  return typeof desired === 'number' && desired !== capacity
    ? `there ${capacity === 1 ? 'is' : 'are'} to be ${count(capacity)} now, as the scaling policy decides; desired ${desired} counted at the start`
    : undefined
}
