import type { Charge, Charges } from '../../../plan/bill.ts'

/** Of a target tracking policy AWS makes the alarms itself (Auto Scaling User Guide, Target tracking scaling policies). */
const alarms: readonly Charge[] = [{ unpriced: 'alarms of scaling policies', why: 'AWS decides how many there are' }]

export function charges(want: object | undefined, have: object | undefined): Charges {
  return { before: have ? alarms : [], after: want ? alarms : [] }
}
