import { Type } from '@mikro-orm/core'

/** The most a price or a total can be, in cents: what DECIMAL(12,2) holds. */
export const mostCents = 999_999_999_999

/** Money in the database is DECIMAL(12,2), in the program a whole number of cents: no float is ever summed. */
export class MoneyType extends Type<number, string> {
  override convertToDatabaseValue(value: number): string {
    return decimal(value)
  }
  override convertToJSValue(value: string | number): number {
    // SQLite answers with a number: below 10^12 with two decimals it is exact after rounding
    return typeof value === 'number' ? Math.round(value * 100) : cents(value)
  }
  override getColumnType(): string {
    return 'decimal(12,2)'
  }
  override compareAsType(): string {
    return 'number'
  }
}

/** 1234 → "12.34" */
export function decimal(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of cents`)
  const digits = String(Math.abs(value)).padStart(3, '0')
  return `${value < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** "12.34", "12.3" or "12" → cents; anything else is refused. */
export function cents(text: string): number {
  const match = /^(-?)(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text)
  if (match === null) throw new RangeError(`${text} is not an amount of money`)
  const value = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'))
  return match[1] === '-' ? -value : value
}
