/** An exact decimal number: so many 10^-12. Money is never a binary fraction, which has no 0.1. */
export type Decimal = bigint

const places = 12
const one = 10n ** BigInt(places)

/** `0.0208` as a number of 10^-12. Throws where that is not exact. */
export function decimal(text: string | number): Decimal {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text)) ?? []
  if (whole === undefined || fraction.length > places) throw new Error(`${text} is not a decimal number`)
  const value = BigInt(whole) * one + BigInt(fraction.padEnd(places, '0'))
  return sign === '-' ? -value : value
}

/** Exact as long as both have no more than 12 decimals together, as prices and quantities have. */
export function times(a: Decimal, b: Decimal): Decimal {
  return (a * b) / one
}

export function sum(numbers: readonly Decimal[]): Decimal {
  return numbers.reduce((total, number) => total + number, 0n)
}

/** All of it, with no zeros at its end: `312.4`. */
export function exact(value: Decimal): string {
  const digits = String(magnitude(value)).padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`
}

/** For people, rounded to cents: `+$1,312.40`, `-$0.50`. */
export function dollars(value: Decimal): string {
  const cent = one / 100n
  const cents = (magnitude(value) + cent / 2n) / cent
  const whole = String(cents / 100n).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${value < 0n && cents > 0n ? '-' : '+'}$${whole}.${String(cents % 100n).padStart(2, '0')}`
}

function magnitude(value: Decimal): Decimal {
  return value < 0n ? -value : value
}
