import { charge, type Charge } from '../../plan/bill.ts'

/** A root volume by its size; without one it is as large as in the image. Speed beyond what is included is not asked for by any module. */
export function volumeCharge({ size, type = 'gp3' }: { readonly size?: unknown; readonly type?: unknown }): Charge {
  if (size === undefined) return { unpriced: 'root volume', why: 'as large as in the image' }
  return charge('ebs', type, size)
}
