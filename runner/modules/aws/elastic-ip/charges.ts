import { charge, type Charge, type Charges } from '../../../plan/bill.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { ElasticIp } from './diff.ts'
import type { args } from './schema.ts'

/** An address is billed whether it is used or not. The one that an instance had of its own is given up for it. */
export function charges(want: Wanted<ArgsOf<typeof args>, 'name'> | undefined, have: ElasticIp | undefined): Charges {
  return {
    before: have ? [address(have.instance)] : [],
    after: want ? [address(want.instance ?? have?.instance)] : [],
  }
}

function address(instance: unknown): Charge {
  return instance === undefined
    ? charge('public IPv4 address', '', 1)
    : { unpriced: 'Elastic IP of an instance', why: 'it takes the place of the address that the instance may have' }
}
