import type { Bill, Charge } from './bill.ts'
import { decimal, type Decimal } from './decimal.ts'

/** An object of a plan with what AWS bills for it. */
export interface Billed {
  readonly node: string
  /** Whether the plan changes it: only that is added up. */
  readonly changes: boolean
  /** Nodes whose outputs its arguments used. */
  readonly after: readonly string[]
  readonly bill: Bill
}

/** Quantities of something, before and after; `most`: with all that scales by itself at its greatest. */
export interface Line {
  readonly before: Decimal
  readonly after: Decimal
  readonly mostBefore: Decimal
  readonly mostAfter: Decimal
}

/** What changes of an object: quantities by item, and what else is billed, with the reason why it has no price. */
export interface Lines {
  readonly lines: ReadonlyMap<string, Line>
  readonly open: ReadonlyMap<string, string>
}

const none: Line = { before: 0n, after: 0n, mostBefore: 0n, mostAfter: 0n }

export function linesOf({ after, bill }: Billed, all: readonly Billed[]): Lines {
  const lines = new Map<string, Line>()
  const open = { before: new Map<string, string>(), after: new Map<string, string>() }
  // it costs nothing by itself, only what is launched from it
  if (bill.template) return { lines, open: open.after }
  for (const side of ['before', 'after'] as const) {
    const charges = bill[side].flatMap((charge) => expanded(charge, side, after, all))
    for (const charge of charges) {
      if ('unpriced' in charge) open[side].set(charge.unpriced, charge.why)
      if (!('item' in charge)) continue
      const line = lines.get(charge.item) ?? none
      const most = side === 'before' ? 'mostBefore' : 'mostAfter'
      lines.set(charge.item, {
        ...line,
        [side]: line[side] + decimal(charge.count),
        [most]: line[most] + decimal(charge.most ?? charge.count),
      })
    }
  }
  const changed = [...lines].filter(([, line]) => line.before !== line.after || line.mostBefore !== line.mostAfter)
  // what is billed by use both before and after is no difference
  const differs = [...open.before, ...open.after].filter(([what]) => open.before.has(what) !== open.after.has(what))
  return { lines: new Map(changed), open: new Map(differs) }
}

/** Instances of a launch template as what each of them costs. */
function expanded(charge: Charge, side: 'before' | 'after', after: readonly string[], all: readonly Billed[]) {
  if (!('instances' in charge)) return [charge]
  const { instances: wanted, count, most } = charge
  const found = all.find(
    ({ node, bill: { template } }) =>
      template && (wanted.id === undefined ? after.includes(node) : template.id === wanted.id),
  )
  const { template } = found?.bill ?? {}
  const why =
    !found || !template
      ? 'their launch template is not one of this playbook'
      : side === 'before' && wanted.version !== template.version
        ? 'they are not of the newest version of their launch template'
        : undefined
  if (!found || why !== undefined) return [{ unpriced: 'ec2 instances', why: why ?? '' }]
  return found.bill[side].map((one) =>
    'item' in one
      ? { item: one.item, count: one.count * count, ...(most !== undefined && { most: one.count * most }) }
      : one,
  )
}
