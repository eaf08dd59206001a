import { Readable } from 'node:stream'
import { expect } from 'chai'
import { parse } from 'yaml'
import { pricesOf, priceTable, type PriceTable } from '../../runner/cost/price-table.ts'
import { readPriceList, type PriceList } from '../../scripts/price-list.ts'
import { renew } from '../../scripts/prices.ts'

const columns = [
  'SKU',
  'TermType',
  'PriceDescription',
  'StartingRange',
  'Unit',
  'PricePerUnit',
  'Currency',
  'Location Type',
  'Instance Type',
  'Operating System',
  'Tenancy',
  'Pre Installed S/W',
  'CapacityStatus',
  'Database Engine',
  'usageType',
  'operation',
  'Region Code',
] as const
type Cells = Partial<Record<(typeof columns)[number], string>>

/** A file as AWS publishes it: five lines about it, the columns, the prices. */
function file(offer: string, ...rows: readonly Cells[]): Promise<PriceList> {
  const line = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
  const usual: Cells = {
    SKU: 'X',
    TermType: 'OnDemand',
    PriceDescription: '$1 per "hour", more or less',
    StartingRange: '0',
    Currency: 'USD',
    'Location Type': 'AWS Region',
    'Region Code': 'eu-north-1',
  }
  const lines = [
    '"FormatVersion","v1.0"',
    '"Disclaimer","This pricing list is for informational purposes only, and so on"',
    '"Publication Date","2026-10-31T20:59:55Z"',
    '"Version","20261031205955"',
    `"OfferCode","${offer}"`,
    line(columns),
    ...rows.map((row) => line(columns.map((column) => ({ ...usual, ...row })[column] ?? ''))),
  ]
  return readPriceList(Readable.from(lines))
}

const machine: Cells = {
  'Operating System': 'Linux',
  Tenancy: 'Shared',
  'Pre Installed S/W': 'NA',
  CapacityStatus: 'Used',
  operation: 'RunInstances',
  usageType: 'EUN1-BoxUsage:t3.small',
  'Instance Type': 't3.small',
  PricePerUnit: '0.0216000000',
}

describe('price list files of AWS', () => {
  it('give the prices of plain Linux machines, volumes, gateways and addresses', async () => {
    const list = await file(
      'AmazonEC2',
      machine,
      { ...machine, 'Operating System': 'Windows', PricePerUnit: '0.9' },
      { ...machine, Tenancy: 'Dedicated', PricePerUnit: '0.9' },
      { ...machine, CapacityStatus: 'AllocatedCapacityReservation', PricePerUnit: '0.0000000000' },
      { ...machine, TermType: 'Reserved', PricePerUnit: '0.01' },
      { ...machine, 'Location Type': 'AWS Local Zone', PricePerUnit: '0.03' },
      { usageType: 'EUN1-EBS:VolumeUsage.gp3', PricePerUnit: '0.0836000000' },
      { usageType: 'EUN1-NatGateway-Hours', operation: 'NatGateway', PricePerUnit: '0.0460000000' },
      { usageType: 'EUN1-PublicIPv4:InUseAddress', PricePerUnit: '0.0050000000' },
    )
    expect({ ...list, prices: undefined }).to.deep.equal({
      offer: 'AmazonEC2',
      version: '20261031205955',
      region: 'eu-north-1',
      date: '2026-10-31',
      prices: undefined,
    })
    expect([...list.prices].map(([unit, prices]) => [unit, Object.fromEntries(prices)])).to.deep.equal([
      ['hour', { 'ec2 t3.small': '0.0216', 'nat gateway': '0.046', 'public IPv4 address': '0.005' }],
      ['GB-month', { 'ebs gp3': '0.0836' }],
    ])
  })

  it('give those of databases and balancers; no prefix is there in us-east-1', async () => {
    const rds: Cells = { 'Region Code': 'us-east-1', PricePerUnit: '1' }
    const list = await file(
      'AmazonRDS',
      {
        ...rds,
        usageType: 'Multi-AZClusterUsage:db.m6gd.large',
        'Instance Type': 'db.m6gd.large',
        'Database Engine': 'MySQL',
        PricePerUnit: '10.5',
      },
      {
        ...rds,
        usageType: 'InstanceUsage:db.r6g.xl',
        'Instance Type': 'db.r6g.xlarge',
        'Database Engine': 'Aurora PostgreSQL',
        PricePerUnit: '100.0000000000',
      },
      { ...rds, usageType: 'InstanceUsage:db.r6g.xl', 'Instance Type': 'db.r6g.xlarge', 'Database Engine': 'MySQL' },
      {
        ...rds,
        usageType: 'InstanceUsageIOOptimized:db.r6g.xl',
        'Instance Type': 'db.r6g.xlarge',
        'Database Engine': 'Aurora MySQL',
      },
      { ...rds, usageType: 'RDS:Multi-AZCluster-GP3-Storage', PricePerUnit: '0.3450000000' },
      { ...rds, usageType: 'LoadBalancerUsage', operation: 'LoadBalancing:Network', PricePerUnit: '20' },
      { ...rds, usageType: 'LoadBalancerUsage', operation: 'LoadBalancing', PricePerUnit: '0.025' },
    )
    expect([...list.prices].map(([unit, prices]) => [unit, Object.fromEntries(prices)])).to.deep.equal([
      [
        'hour',
        {
          'rds multi-az cluster mysql db.m6gd.large': '10.5',
          'aurora postgres db.r6g.xlarge': '100',
          'load balancer network': '20',
        },
      ],
      ['GB-month', { 'rds multi-az cluster storage gp3': '0.345' }],
    ])
  })

  it('are refused when two prices of one thing are in them, or none, or those of several regions', async () => {
    const fails = async (...rows: readonly Cells[]): Promise<string> =>
      await file('AmazonEC2', ...rows).then(
        () => 'accepted',
        (error: Error) => error.message,
      )
    expect(await fails(machine, { ...machine, PricePerUnit: '0.03' })).to.equal(
      'two prices of ec2 t3.small: 0.0216 and 0.03',
    )
    expect(await fails()).to.match(/of 0 regions/)
    expect(await fails(machine, { ...machine, 'Region Code': 'eu-west-1' })).to.match(/of 2 regions/)
  })

  it('renew the table: their prices replace those of the region, the others stay', async () => {
    const text = `# About it
sources:
  old: { what: a list, where: "https://example.org", date: "2024-01-01" }
  gone: { what: a list, where: "https://example.org", date: "2024-01-01" }
regions:
  eu-north-1:
    - source: old
      unit: hour
      usd:
        ec2 t3.small: "0.02"
        # stays
        ec2 t3.large: "0.08"
    - { source: gone, unit: GB-month, usd: { ebs gp3: "0.01" } }
`
    const list = await file('AmazonEC2', machine, { usageType: 'EUN1-EBS:VolumeUsage.gp3', PricePerUnit: '0.0836' })
    const renewed = renew(text, list)
    expect(renewed).to.match(/^# About it\n/)
    expect(renewed).to.contain('# stays')
    const table = parse(renewed) as PriceTable
    expect(Object.keys(table.sources)).to.deep.equal(['old', 'AmazonEC2 eu-north-1'])
    const prices = pricesOf(table)
    expect(prices('eu-north-1', 'ec2 t3.small')).to.deep.include({ usd: '0.0216', date: '2026-10-31' })
    expect(prices('eu-north-1', 'ec2 t3.large')).to.deep.include({ usd: '0.08', date: '2024-01-01' })
    expect(prices('eu-north-1', 'ebs gp3')).to.deep.include({ usd: '0.0836', unit: 'GB-month' })
    // again the same
    expect(renew(renewed, list)).to.equal(renewed)
  })

  it('can be read for a region that the table does not have yet', async () => {
    const { readFileSync } = await import('node:fs')
    const text = readFileSync(new URL('../../runner/cost/prices.yml', import.meta.url), 'utf8')
    const table = parse(renew(text, await file('AmazonEC2', machine))) as PriceTable
    expect(pricesOf(table)('eu-north-1', 'ec2 t3.small')?.usd).to.equal('0.0216')
    expect(table.regions['us-east-1']).to.deep.equal(priceTable().regions['us-east-1'])
  })
})
