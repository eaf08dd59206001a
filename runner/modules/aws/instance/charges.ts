import { charge, transfer, type Charge, type Charges } from '../../../plan/bill.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { volumeCharge } from '../volume-charge.ts'
import type { Machine } from './read.ts'
import type { args } from './schema.ts'

/** The machine by the hour (not while it is stopped), its root volume, and its public address. */
export function charges(want: Wanted<ArgsOf<typeof args>, 'name'> | undefined, have: Machine | undefined): Charges {
  return { before: have ? before(have) : [], after: want ? after(want, have) : [] }
}

function before(have: Machine): readonly Charge[] {
  return [
    ...(have.state === 'stopped' ? [] : [charge('ec2', have.type, 1), transfer]),
    { unpriced: 'root volume', why: 'how large it is was not read' },
    ...(have.publicIp === undefined ? [] : [charge('public IPv4 address', '', 1)]),
  ]
}

function after(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Machine | undefined): readonly Charge[] {
  const { type, root_volume, public_ip = true } = want
  // the volume and the address are decided when it is made, and stay
  const kept = have && [
    { unpriced: 'root volume', why: 'how large it is was not read' },
    ...(have.publicIp === undefined ? [] : [charge('public IPv4 address', '', 1)]),
  ]
  const made = [
    volumeCharge(isMap(root_volume) ? root_volume : {}),
    ...(public_ip === false ? [] : [charge('public IPv4 address', '', 1)]),
  ]
  return [charge('ec2', type, 1), transfer, ...(kept ?? made)]
}
