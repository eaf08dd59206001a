import { linesOf, type Billed, type Line } from './cost-lines.ts'
import { decimal, exact, sum, times, type Decimal } from './decimal.ts'

/** A row of the price table. */
export interface Price {
  /** `hour`, or what AWS counts by the month: `month`, `GB-month`. */
  readonly unit: string
  /** Dollars a unit, as a decimal text. */
  readonly usd: string
  readonly source: string
  /** Day of the source: `2026-09-25`. */
  readonly date: string
}

/** The price of something in a region, if it is in the table. */
export type Prices = (region: string, item: string) => Price | undefined

/** AWS's own convention: 365 days of 24 hours in 12 months (https://aws.amazon.com/calculator/calculator-assumptions). */
export const hours = 730

/** Dollars a month, as decimal texts. */
export interface Amount {
  readonly before: string
  readonly after: string
  readonly difference: string
}

export interface CostItem extends Price {
  readonly item: string
  /** Quantities. */
  readonly before: string
  readonly after: string
  /** The greatest quantities that there may be, where they are others. */
  readonly max?: { readonly before: string; readonly after: string }
}

export interface CostEntry extends Amount {
  readonly node: string
  readonly region: string
  readonly max?: Amount
  readonly items: readonly CostItem[]
}

export interface Unpriced {
  readonly node: string
  readonly what: string
  readonly why: string
}

/** The monthly difference that a plan makes: of what it changes, as far as there are prices. */
export interface Cost extends Amount {
  readonly currency: 'USD'
  readonly hours: number
  readonly regions: readonly string[]
  /** The oldest and the newest source of the prices that were used. */
  readonly dates?: { readonly from: string; readonly to: string }
  /** With everything that scales by itself at its greatest; absent where that makes no difference. */
  readonly max?: Amount
  readonly entries: readonly CostEntry[]
  readonly unpriced: readonly Unpriced[]
}

interface Priced {
  readonly item: string
  readonly line: Line
  readonly price: Price
}

/** Adds up what a plan changes. Undefined: nothing that is billed by time. */
export function costOf(all: readonly Billed[], prices: Prices): Cost | undefined {
  const unpriced: Unpriced[] = []
  const entries: CostEntry[] = []
  const total: Priced[] = []
  for (const one of all.filter(({ changes }) => changes)) {
    const { node, bill } = one
    const { region } = bill
    const { lines, open } = linesOf(one, all)
    const priced: Priced[] = []
    for (const [item, line] of lines) {
      const price = region === undefined ? undefined : prices(region, item)
      if (price) priced.push({ item, line, price })
      else unpriced.push({ node, what: item, why: `no price in ${region ?? 'a region that is not set'}` })
    }
    for (const [what, why] of open) unpriced.push({ node, what, why })
    if (region !== undefined && priced.length > 0)
      entries.push({ node, region, ...amounts(priced), items: priced.map(itemOf) })
    total.push(...priced)
  }
  if (entries.length === 0 && unpriced.length === 0) return undefined
  const dates = total.map(({ price }) => price.date).toSorted()
  const [from, to] = [dates[0], dates.at(-1)]
  return {
    currency: 'USD',
    hours,
    regions: [...new Set(entries.map((entry) => entry.region))].toSorted(),
    ...(from !== undefined && to !== undefined && { dates: { from, to } }),
    ...amounts(total),
    entries,
    unpriced,
  }
}

function itemOf({ item, line, price }: Priced): CostItem {
  const { before, after, mostBefore, mostAfter } = line
  const scales = before !== mostBefore || after !== mostAfter
  return {
    item,
    ...price,
    before: exact(before),
    after: exact(after),
    ...(scales && { max: { before: exact(mostBefore), after: exact(mostAfter) } }),
  }
}

function amounts(priced: readonly Priced[]): Amount & { readonly max?: Amount } {
  const money = (quantity: (line: Line) => Decimal): Decimal =>
    sum(
      priced.map(({ line, price: { unit, usd } }) =>
        times(times(decimal(usd), decimal(unit === 'hour' ? hours : 1)), quantity(line)),
      ),
    )
  const now = amount(
    money((line) => line.before),
    money((line) => line.after),
  )
  const most = amount(
    money((line) => line.mostBefore),
    money((line) => line.mostAfter),
  )
  return { ...now, ...(JSON.stringify(now) !== JSON.stringify(most) && { max: most }) }
}

function amount(before: Decimal, after: Decimal): Amount {
  return { before: exact(before), after: exact(after), difference: exact(after - before) }
}
