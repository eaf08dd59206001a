import { expect } from 'chai'
import { charge, type Charge, type Charges } from '../../runner/plan/bill.ts'
import { costOf, type Cost, type Prices } from '../../runner/plan/cost.ts'
import type { Billed } from '../../runner/plan/cost-lines.ts'
import { decimal, dollars, exact, times } from '../../runner/plan/decimal.ts'

describe('decimal numbers', () => {
  it('are exact where binary fractions are not', () => {
    expect(exact(decimal('0.1') + decimal('0.2'))).to.equal('0.3')
    expect(exact(times(decimal('0.0104'), decimal(730)))).to.equal('7.592')
    expect(exact(decimal('-0.50'))).to.equal('-0.5')
    expect(exact(decimal(0))).to.equal('0')
    for (const wrong of ['', '.5', '1e-7', 'NaN', '1,5', '0.1234567890123'])
      expect(() => decimal(wrong), wrong).to.throw()
  })

  it('are rounded to cents for people only, halves away from nothing', () => {
    expect(
      ['1312.4', '0.005', '-0.005', '-0.004', '0', '-1234567.895', '999.995'].map((one) => dollars(decimal(one))),
    ).to.deep.equal(['+$1,312.40', '+$0.01', '-$0.01', '+$0.00', '+$0.00', '-$1,234,567.90', '+$1,000.00'])
  })
})

const table: Readonly<Record<string, readonly [string, string, string]>> = {
  'here ec2 small': ['hour', '0.02', '2026-07-20'],
  'here ec2 large': ['hour', '0.08', '2026-07-20'],
  'here ebs gp3': ['GB-month', '0.08', '2026-09-25'],
  'there ec2 small': ['hour', '0.03', '2026-08-24'],
}
const prices: Prices = (region, item) => {
  const [unit, usd, date] = table[`${region} ${item}`] ?? []
  return unit === undefined || usd === undefined || date === undefined
    ? undefined
    : { unit, usd, date, source: 'a list' }
}

function billed(node: string, bill: Partial<Charges>, more: Partial<Billed> & { region?: string } = {}): Billed {
  const { region = 'here', ...rest } = more
  return { node, changes: true, after: [], bill: { region, before: [], after: [], ...bill }, ...rest }
}

function amounts(cost: Cost | undefined): unknown {
  const { before, after, difference, max } = cost ?? {}
  return { before, after, difference, ...(max && { max }) }
}

const small = charge('ec2', 'small', 1)
const large = charge('ec2', 'large', 1)

describe('what a plan costs', () => {
  it('is nothing to speak of where nothing is billed, or nothing of what is billed changes', () => {
    expect(costOf([], prices)).to.equal(undefined)
    expect(costOf([billed('a', { before: [small], after: [small] })], prices)).to.equal(undefined)
    expect(costOf([billed('a', { after: [small] }, { changes: false })], prices)).to.equal(undefined)
  })

  it('counts 730 hours a month, and what is counted by the month as it is', () => {
    const cost = costOf([billed('a', { after: [small, charge('ebs', 'gp3', 20)] })], prices)
    expect(amounts(cost)).to.deep.equal({ before: '0', after: '16.2', difference: '16.2' })
    expect(cost).to.deep.include({
      currency: 'USD',
      hours: 730,
      regions: ['here'],
      dates: { from: '2026-07-20', to: '2026-09-25' },
      unpriced: [],
    })
    expect(cost?.entries).to.deep.equal([
      {
        node: 'a',
        region: 'here',
        before: '0',
        after: '16.2',
        difference: '16.2',
        items: [
          {
            item: 'ec2 small',
            unit: 'hour',
            usd: '0.02',
            date: '2026-07-20',
            source: 'a list',
            before: '0',
            after: '1',
          },
          {
            item: 'ebs gp3',
            unit: 'GB-month',
            usd: '0.08',
            date: '2026-09-25',
            source: 'a list',
            before: '0',
            after: '20',
          },
        ],
      },
    ])
  })

  it('is the difference of what changes alone: the same on both sides is left out', () => {
    const disk = charge('ebs', 'gp3', 20)
    const cost = costOf([billed('a', { before: [small, disk], after: [large, disk] })], prices)
    expect(amounts(cost)).to.deep.equal({ before: '14.6', after: '58.4', difference: '43.8' })
    expect(amounts(costOf([billed('a', { before: [large] })], prices))).to.deep.equal({
      before: '58.4',
      after: '0',
      difference: '-58.4',
    })
  })

  it('uses the prices of each object’s own region', () => {
    const cost = costOf([billed('a', { after: [small] }), billed('b', { after: [small] }, { region: 'there' })], prices)
    expect(amounts(cost)).to.deep.equal({ before: '0', after: '36.5', difference: '36.5' })
    expect(cost?.regions).to.deep.equal(['here', 'there'])
  })

  it('never guesses: what has no price is named, with the reason', () => {
    const unknown: Charge = { unpriced: 'data transfer', why: 'billed by use' }
    const cost = costOf([billed('a', { after: [charge('ec2', 'huge', 3), small, unknown] })], prices)
    expect(amounts(cost)).to.deep.equal({ before: '0', after: '14.6', difference: '14.6' })
    expect(cost?.unpriced).to.deep.equal([
      { node: 'a', what: 'ec2 huge', why: 'no price in here' },
      { node: 'a', what: 'data transfer', why: 'billed by use' },
    ])
    const nowhere = costOf([billed('a', { after: [small] }, { region: 'nowhere' })], prices)
    expect(nowhere).to.deep.include({ difference: '0', entries: [], regions: [] })
    expect(nowhere?.unpriced).to.deep.equal([{ node: 'a', what: 'ec2 small', why: 'no price in nowhere' }])
    const unset = costOf(
      [{ ...billed('a', { after: [small] }), bill: { region: undefined, before: [], after: [small] } }],
      prices,
    )
    expect(unset?.unpriced[0]?.why).to.equal('no price in a region that is not set')
  })

  it('does not name what is billed by use before as after', () => {
    const unknown: Charge = { unpriced: 'data transfer', why: 'billed by use' }
    const cost = costOf([billed('a', { before: [small, unknown], after: [large, unknown] })], prices)
    expect(cost?.unpriced).to.deep.equal([])
  })

  it('says what is not known yet of kinds and numbers', () => {
    expect([
      charge('ec2', undefined, 1),
      charge('ec2', 'small', undefined),
      charge('ec2', 'small', 2, 2),
    ]).to.deep.equal([
      { unpriced: 'ec2', why: 'which kind it is is not known yet' },
      { unpriced: 'ec2 small', why: 'how many there are is not known yet' },
      { item: 'ec2 small', count: 2 },
    ])
  })
})

describe('what a scaling group costs', () => {
  const template = billed(
    'template',
    { template: { id: 'lt-1', version: 3 }, before: [small], after: [small, charge('ebs', 'gp3', 10)] },
    { changes: false },
  )
  const group = (bill: Partial<Charges>, after: readonly string[] = []): Billed => billed('group', bill, { after })

  it('is that of its instances, from the first number to the greatest', () => {
    const wanted = { after: [{ instances: {}, count: 2, most: 6 }] }
    expect(amounts(costOf([template, group(wanted, ['network', 'template'])], prices))).to.deep.equal({
      before: '0',
      after: '30.8',
      difference: '30.8',
      max: { before: '0', after: '92.4', difference: '92.4' },
    })
  })

  it('stays the same when only its greatest number grows', () => {
    const one = (most: number): Charge => ({ instances: { id: 'lt-1', version: 3 }, count: 2, most })
    const same = { ...template, bill: { ...template.bill, after: [small] } }
    expect(amounts(costOf([same, group({ before: [one(6)], after: [one(8)] })], prices))).to.deep.equal({
      before: '29.2',
      after: '29.2',
      difference: '0',
      max: { before: '87.6', after: '116.8', difference: '29.2' },
    })
  })

  it('has no price when the template is not there, or the group runs an older version of it', () => {
    const now: Charge = { instances: { id: 'lt-1', version: 2 }, count: 2, most: 6 }
    expect(costOf([template, group({ before: [now] })], prices)?.unpriced).to.deep.equal([
      { node: 'group', what: 'ec2 instances', why: 'they are not of the newest version of their launch template' },
    ])
    expect(costOf([group({ after: [{ instances: { id: 'lt-9' }, count: 1 }] })], prices)?.unpriced).to.deep.equal([
      { node: 'group', what: 'ec2 instances', why: 'their launch template is not one of this playbook' },
    ])
  })

  it('is not counted for the template, which costs nothing by itself', () => {
    expect(costOf([{ ...template, changes: true }], prices)).to.equal(undefined)
  })
})
