import { charge, transfer, type Charges } from '../../../plan/bill.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { volumeCharge } from '../volume-charge.ts'
import type { Template } from './read.ts'
import type { args } from './schema.ts'

/** Of each instance that is launched from it. Whether one gets a public address is decided by its subnet. */
export function charges(want: Wanted<ArgsOf<typeof args>, 'name'> | undefined, have: Template | undefined): Charges {
  const address = { unpriced: 'public IPv4 addresses of the group', why: 'its subnets decide whether there are any' }
  const { root_volume: volume } = want ?? {}
  return {
    template: { id: have?.id ?? '', version: have?.version ?? 0 },
    before: have
      ? [charge('ec2', have.type, 1), volumeCharge({ size: have.rootSize, type: have.rootType }), transfer, address]
      : [],
    after: want ? [charge('ec2', want.type, 1), volumeCharge(isMap(volume) ? volume : {}), transfer, address] : [],
  }
}
