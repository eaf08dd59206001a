/** What of a price list file the table has. */
export interface PriceList {
  readonly offer: string
  readonly version: string
  readonly region: string
  /** Day of its publication. */
  readonly date: string
  /** By unit, dollars by name. */
  readonly prices: ReadonlyMap<string, ReadonlyMap<string, string>>
}

type Row = (column: string) => string

/**
 * Reads a price list file of AWS in CSV, a line at a time, since that of EC2 has hundreds of megabytes: five lines about the file, the names
 * of the columns, then a price a line (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html).
 */
export async function readPriceList(lines: AsyncIterable<string>): Promise<PriceList> {
  const about = new Map<string, string>()
  const prices = new Map<string, Map<string, string>>()
  const regions = new Set<string>()
  let columns: ReadonlyMap<string, number> | undefined
  for await (const line of lines) {
    const cells = cellsOf(line)
    if (cells[0] === 'SKU') columns = new Map(cells.map((name, index) => [name.toLowerCase(), index]))
    else if (!columns) about.set(cells[0] ?? '', cells[1] ?? '')
    else {
      const at = columns
      const row: Row = (column) => cells[at.get(column.toLowerCase()) ?? -1] ?? ''
      const item = listed(row) ? itemOf(row) : undefined
      if (item === undefined) continue
      const { name, unit } = item
      const usd = row('PricePerUnit')
        .replace(/(?<=\.\d*)0+$/, '')
        .replace(/\.$/, '')
      const before = prices.get(unit)?.get(name)
      if (before !== undefined && before !== usd) throw new Error(`two prices of ${name}: ${before} and ${usd}`)
      prices.set(unit, (prices.get(unit) ?? new Map<string, string>()).set(name, usd))
      regions.add(row('Region Code'))
    }
  }
  const [region, ...more] = regions
  if (region === undefined || more.length > 0)
    throw new Error(`the file has prices of ${regions.size} regions, where those of one are needed`)
  const [offer = '', version = '', published = ''] = ['OfferCode', 'Version', 'Publication Date'].map((name) =>
    about.get(name),
  )
  return { offer, version, region, date: published.slice(0, 10), prices }
}

/** On demand, in dollars, from the first unit on, in the region itself. */
function listed(row: Row): boolean {
  return (
    row('TermType') === 'OnDemand' &&
    row('Currency') === 'USD' &&
    /^0?$/.test(row('StartingRange')) &&
    row('Location Type') === 'AWS Region' &&
    /[1-9]/.test(row('PricePerUnit'))
  )
}

const engines: Readonly<Record<string, string>> = {
  MySQL: 'mysql',
  PostgreSQL: 'postgres',
  'Aurora MySQL': 'mysql',
  'Aurora PostgreSQL': 'postgres',
}

/** Usage types whose price is that of one thing, without the region before them (`EUC1-`). */
const simple: Readonly<Record<string, readonly [name: string, unit: string, operation?: string]>> = {
  'NatGateway-Hours': ['nat gateway', 'hour', 'NatGateway'],
  'EBS:VolumeUsage.gp3': ['ebs gp3', 'GB-month'],
  'EBS:VolumeUsage.gp2': ['ebs gp2', 'GB-month'],
  'PublicIPv4:InUseAddress': ['public IPv4 address', 'hour'],
  'AWSSecretsManager-Secrets': ['secret', 'month'],
  'RDS:Multi-AZCluster-GP3-Storage': ['rds multi-az cluster storage gp3', 'GB-month'],
}

function itemOf(row: Row): { readonly name: string; readonly unit: string } | undefined {
  const usage = row('usageType').replace(/^[A-Z]{2,4}\d?-/, '')
  const [name, unit, operation] = simple[usage] ?? []
  if (name !== undefined && unit !== undefined)
    return operation === undefined || operation === row('operation') ? { name, unit } : undefined
  if (usage === 'LoadBalancerUsage') {
    const kind = /^LoadBalancing:(Application|Network)$/.exec(row('operation'))?.[1]
    return kind === undefined ? undefined : { name: `load balancer ${kind.toLowerCase()}`, unit: 'hour' }
  }
  const size = row('Instance Type')
  if (usage.startsWith('BoxUsage:')) {
    const plain =
      row('Operating System') === 'Linux' &&
      row('Tenancy') === 'Shared' &&
      row('Pre Installed S/W') === 'NA' &&
      row('CapacityStatus') === 'Used' &&
      row('operation') === 'RunInstances'
    return plain ? { name: `ec2 ${size}`, unit: 'hour' } : undefined
  }
  const engine = engines[row('Database Engine')]
  if (engine === undefined) return undefined
  const aurora = row('Database Engine').startsWith('Aurora')
  if (usage.startsWith('Multi-AZClusterUsage:') && !aurora)
    return { name: `rds multi-az cluster ${engine} ${size}`, unit: 'hour' }
  if (usage.startsWith('InstanceUsage:') && aurora) return { name: `aurora ${engine} ${size}`, unit: 'hour' }
  return usage === 'Aurora:ServerlessV2Usage' ? { name: `aurora serverless v2 ${engine}`, unit: 'hour' } : undefined
}

/** The cells of a line: in quotes, two of which stand for one. */
function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"|([^,"]+)|(?<=,)(?=,|$)/g)].map(([, quoted, bare]) =>
    (quoted ?? bare ?? '').replaceAll('""', '"'),
  )
}
