import { raw, type RawQueryFragment } from '@mikro-orm/core'

/** A value that the database works out from what is there when the row is locked: `relative('stock - ?', 2)`. */
export function relative(sql: string, ...values: readonly number[]): RawQueryFragment & symbol {
  return raw(sql, [...values])
}
