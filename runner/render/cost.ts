import type { Cost, CostItem } from '../plan/cost.ts'
import { decimal, dollars } from '../plan/decimal.ts'

/** What a plan costs, in a sentence or two: `Cost: about +$40.15 a month (list prices of 2026-09, us-east-1).` */
export function costSentence(cost: Cost): string {
  const { dates, entries } = cost
  const without = missing(cost)
  if (entries.length === 0 || !dates) return `Cost: ${lowerFirst(without)}`
  const [from, to] = [dates.from.slice(0, 7), dates.to.slice(0, 7)]
  const of = `list prices of ${from === to ? to : `${from} to ${to}`}, ${cost.regions.join(', ')}`
  return `Cost: ${difference(cost)} (${of}). ${without}`.trim()
}

function difference({ difference: now, max }: Cost): string {
  const most = max === undefined ? undefined : decimal(max.difference)
  const upTo = most === undefined ? '' : `${most > 0n ? 'up to ' : ''}${dollars(most)}`
  if (now === '0' && most !== undefined) return `the same at first, ${upTo} a month at the greatest sizes`
  return `about ${dollars(decimal(now))} a month${most === undefined ? '' : `, ${upTo} at the greatest sizes`}`
}

/** What has no price, first that for which there might be one. */
function missing({ unpriced }: Cost): string {
  const names = (list: Cost['unpriced']): string => [...new Set(list.map(({ what }) => what))].toSorted().join(', ')
  const byUse = (one: Cost['unpriced'][number]): boolean => one.why.startsWith('billed by')
  const [others, used] = [names(unpriced.filter((one) => !byUse(one))), names(unpriced.filter(byUse))]
  const lists = [others, used === '' ? '' : `what is billed by use (${used})`].filter((text) => text !== '')
  return lists.length === 0 ? '' : `Not priced: ${lists.join('; ')}.`
}

/** An object a line: `+$16.43  Balancer: 1 × load balancer application`, and why the rest has no price. */
export function costLines(cost: Cost, nameOf: (node: string) => string): readonly string[] {
  const priced = cost.entries.map(({ node, difference: now, max, items }) => {
    const most = max === undefined ? '' : ` (${dollars(decimal(max.difference))} at its greatest)`
    return `${dollars(decimal(now))}${most}  ${nameOf(node)}: ${items.map(itemWords).join(', ')}`
  })
  const open = cost.unpriced.map(({ node, what, why }) => `not priced  ${nameOf(node)}: ${what}, ${why}`)
  return [...priced, ...open]
}

function itemWords({ item, before, after, max }: CostItem): string {
  const sides = (one: { readonly before: string; readonly after: string }): string =>
    one.before === '0' || one.before === one.after ? one.after : `${one.before} → ${one.after}`
  return `${sides({ before, after })}${max === undefined ? '' : ` (at most ${sides(max)})`} × ${item}`
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
