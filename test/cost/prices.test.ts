import { expect } from 'chai'
import { priceTable, pricesOf } from '../../runner/cost/price-table.ts'
import { decimal } from '../../runner/plan/decimal.ts'

describe('the price table', () => {
  const table = priceTable()

  it('has a source with its day for every price, and uses every source', () => {
    const used = Object.values(table.regions).flatMap((groups) => groups.map(({ source }) => source))
    expect([...new Set(used)].toSorted()).to.deep.equal(Object.keys(table.sources).toSorted())
    for (const [name, { what, where, date }] of Object.entries(table.sources)) {
      expect(what, name).to.match(/\S/)
      expect(where, name).to.match(/^https:\/\/[^ ]+$/)
      expect(date, name).to.match(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
      // what a list says of tomorrow is no price
      expect(Date.parse(date), name).to.be.lessThan(Date.now())
    }
  })

  it('has exact prices of known units, each once', () => {
    for (const [region, groups] of Object.entries(table.regions)) {
      expect(region).to.match(/^[a-z]{2}(-[a-z]+)+-\d$/)
      const items = groups.flatMap(({ usd }) => Object.keys(usd))
      expect(items.length, region).to.equal(new Set(items).size)
      for (const { unit, usd } of groups) {
        expect(['hour', 'month', 'GB-month']).to.include(unit)
        for (const [item, price] of Object.entries(usd)) {
          expect(item).to.match(
            /^(ec2 [a-z0-9-]+\.[a-z0-9]+|ebs (gp[23]|io[12])|nat gateway|load balancer (application|network)|public IPv4 address|secret|rds multi-az cluster (storage (gp3|io[12])|(mysql|postgres) db\.\S+)|aurora (mysql|postgres) db\.\S+|aurora serverless v2 (mysql|postgres))$/,
          )
          expect(price, item).to.match(/^\d+(\.\d{1,8})?$/)
          expect(decimal(price) > 0n, item).to.equal(true)
        }
      }
    }
  })

  it('is asked by region and name, and knows nothing of what is not in it', () => {
    const prices = pricesOf(table)
    expect(prices('us-east-1', 'ec2 t3.small')).to.deep.equal({
      unit: 'hour',
      usd: '0.0208',
      source: 'karpenter',
      date: '2026-07-20',
    })
    expect(prices('us-east-1', 'ec2 t99.small')).to.equal(undefined)
    expect(prices('mars-north-1', 'ec2 t3.small')).to.equal(undefined)
  })
})
