import type { Charge, Charges } from '../../../plan/bill.ts'

const stored: readonly Charge[] = [{ unpriced: 'snapshots of images', why: 'billed by what is in them' }]

export function charges(want: object | undefined, have: object | undefined): Charges {
  return { before: have ? stored : [], after: want ? stored : [] }
}
