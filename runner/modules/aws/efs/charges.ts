import type { Charge, Charges } from '../../../plan/bill.ts'

const stored: readonly Charge[] = [{ unpriced: 'EFS storage and throughput', why: 'billed by use' }]

export function charges(want: object | undefined, have: object | undefined): Charges {
  return { before: have ? stored : [], after: want ? stored : [] }
}
