/**
 * What AWS bills by time for an object, as data: the names are those of the price table. Quantities are those at the start; `most`, where
 * AWS may raise them by itself, the greatest.
 */
export type Charge =
  | { readonly item: string; readonly count: number; readonly most?: number }
  /** Instances of a launch template, whose own charges say what one of them costs. */
  | {
      readonly instances: { readonly id?: string; readonly version?: number }
      readonly count: number
      readonly most?: number
    }
  /** Billed, too, but by what is not in the playbook: how much it is used, or what is not known yet. */
  | { readonly unpriced: string; readonly why: string }

/** Of an object as it is, and as it is wanted. */
export interface Charges {
  readonly before: readonly Charge[]
  readonly after: readonly Charge[]
  /** It costs nothing by itself: its charges are those of each instance that is launched from it. */
  readonly template?: { readonly id: string; readonly version: number }
}

/** Charges, and the region whose prices they have; undefined: no region is set yet. */
export interface Bill extends Charges {
  readonly region: string | undefined
}

/** A charge for something whose kind and quantity may not be known yet. */
export function charge(family: string, kind: unknown, count: unknown, most?: unknown): Charge {
  if (typeof kind !== 'string') return { unpriced: family, why: 'which kind it is is not known yet' }
  const item = kind === '' ? family : `${family} ${kind}`
  if (typeof count !== 'number') return { unpriced: item, why: 'how many there are is not known yet' }
  return { item, count, ...(typeof most === 'number' && most > count && { most }) }
}

export const transfer: Charge = { unpriced: 'data transfer', why: 'billed by use' }
