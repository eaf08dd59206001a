import { charge, transfer, type Charge, type Charges } from '../../../plan/bill.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Balancer } from './read.ts'
import type { args } from './schema.ts'

interface Sides {
  readonly type?: unknown
  readonly scheme?: unknown
  readonly subnets?: unknown
  readonly addresses?: unknown
}

/** The hours of the balancer and of its public addresses, one in each zone; its capacity units depend on the traffic. */
export function charges(want: Wanted<ArgsOf<typeof args>, 'name'> | undefined, have: Balancer | undefined): Charges {
  return { before: have ? chargesOf(have) : [], after: want ? chargesOf(want) : [] }
}

function chargesOf({ type = 'application', scheme = 'internet-facing', subnets, addresses }: Sides): readonly Charge[] {
  const units: Charge = { unpriced: 'load balancer capacity units', why: 'billed by use' }
  // fixed addresses are objects of their own
  const fixed = Array.isArray(addresses) && addresses.length > 0
  const zones = Array.isArray(subnets) ? subnets.length : undefined
  const shown = scheme === 'internal' || fixed ? [] : [charge('public IPv4 address', '', zones)]
  return [charge('load balancer', type, 1), ...shown, units, transfer]
}
