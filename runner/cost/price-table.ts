import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Price, Prices } from '../plan/cost.ts'

/** `prices.yml`, as it is written. */
export interface PriceTable {
  readonly sources: Readonly<Record<string, { readonly what: string; readonly where: string; readonly date: string }>>
  readonly regions: Readonly<
    Record<
      string,
      readonly { readonly source: string; readonly unit: string; readonly usd: Readonly<Record<string, string>> }[]
    >
  >
}

/** The file beside this one: for those alone who draw a plan. */
export function priceTable(): PriceTable {
  return parse(readFileSync(new URL('prices.yml', import.meta.url), 'utf8')) as PriceTable
}

export function pricesOf({ sources, regions }: PriceTable): Prices {
  const rows = new Map<string, Price>()
  for (const [region, groups] of Object.entries(regions))
    for (const { source, unit, usd } of groups)
      for (const [item, price] of Object.entries(usd))
        rows.set(`${region} ${item}`, { unit, usd: price, source, date: sources[source]?.date ?? '' })
  return (region, item) => rows.get(`${region} ${item}`)
}
