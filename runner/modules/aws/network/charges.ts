import { charge, type Charge, type Charges } from '../../../plan/bill.ts'
import { livingNats, type Network, type Want } from './design.ts'

/** The hours of its NAT gateways, each with a public address; subnets, routes and other gateways cost nothing. */
export function charges(want: Want | undefined, have: Network | undefined): Charges {
  return {
    before: have?.made ? natCharges(livingNats(have.made).length) : [],
    after: want?.cidr === undefined ? [] : natCharges(count(want)),
  }
}

function count({ nat = 'none', zones = 2 }: Want): unknown {
  if (nat === 'none') return 0
  if (nat === 'one') return 1
  return nat === 'per_zone' ? (Array.isArray(zones) ? zones.length : zones) : undefined
}

function natCharges(count: unknown): readonly Charge[] {
  if (count === 0) return []
  const data: Charge = { unpriced: 'data through NAT gateways', why: 'billed by use' }
  return [charge('nat gateway', '', count), charge('public IPv4 address', '', count), data]
}
