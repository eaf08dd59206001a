import type { Charge, Charges } from '../../../plan/bill.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Group } from './read.ts'
import type { args } from './schema.ts'

/** Its instances: as many as there are or shall be at first, and the greatest number that a policy may bring it to. */
export function charges(want: Wanted<ArgsOf<typeof args>, 'name'> | undefined, have: Group | undefined): Charges {
  return { before: have ? [before(have)] : [], after: want ? [after(want, have)] : [] }
}

function before({ launchTemplate: { id, version }, capacity, max }: Group): Charge {
  return { instances: { id, ...(typeof version === 'number' && { version }) }, count: capacity, most: max }
}

function after(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Group | undefined): Charge {
  const { min_size: min, max_size: max, desired, launch_template: template } = want
  if (typeof min !== 'number' || typeof max !== 'number' || (desired !== undefined && typeof desired !== 'number'))
    return { unpriced: 'ec2 instances', why: 'how many there are is not known yet' }
  // AWS begins with min_size; afterwards the number is the policy's, unless another one is asked for
  const asked = have && (desired === undefined || have.asked === desired) ? have.capacity : (desired ?? min)
  const { id } = isMap(template) ? template : {}
  return {
    instances: typeof id === 'string' ? { id } : {},
    count: Math.min(Math.max(asked, min), max),
    most: max,
  }
}
