import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml'
import { readPriceList, type PriceList } from './price-list.ts'

/** Brings the price table up to date from price list files of AWS: `node scripts/prices.ts AmazonEC2.csv AmazonRDS.csv`. */
export function renew(text: string, { offer, version, region, date, prices }: PriceList): string {
  const document = parseDocument(text)
  const source = `${offer} ${region}`
  const where = `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/${offer}/${version}/${region}/index.csv`
  document.setIn(['sources', source], document.createNode({ what: 'AWS’s price list file', where, date }))
  const names = new Set([...prices.values()].flatMap((list) => [...list.keys()]))
  const old = document.getIn(['regions', region])
  const groups = isSeq(old) ? old.items : []
  for (const group of groups) {
    const usd = isMap(group) ? group.get('usd') : undefined
    if (isMap(usd)) usd.items = usd.items.filter(({ key }) => !names.has(String(isScalar(key) ? key.value : key)))
  }
  const kept = groups.filter((group) => isMap(group) && isMap(group.get('usd')) && size(group.get('usd')) > 0)
  const added = [...prices].map(([unit, usd]) =>
    document.createNode({ source, unit, usd: Object.fromEntries([...usd].toSorted(([a], [b]) => (a < b ? -1 : 1))) }),
  )
  document.setIn(['regions', region], document.createNode([...kept, ...added]))
  dropUnused(document)
  return document.toString({ lineWidth: 0 })
}

function size(node: unknown): number {
  return isMap(node) ? node.items.length : 0
}

/** Sources of which no price is left. */
function dropUnused(document: Document): void {
  const { sources, regions } = document.toJS() as {
    sources: Record<string, unknown>
    regions: Record<string, readonly { readonly source: string }[]>
  }
  const used = new Set(
    Object.values(regions)
      .flat()
      .map((group) => group.source),
  )
  for (const name of Object.keys(sources)) if (!used.has(name)) document.deleteIn(['sources', name])
}

if (import.meta.main) {
  const table = new URL('../runner/cost/prices.yml', import.meta.url)
  for (const file of process.argv.slice(2)) {
    const list = await readPriceList(createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
    writeFileSync(table, renew(readFileSync(table, 'utf8'), list))
    const count = [...list.prices.values()].reduce((sum, prices) => sum + prices.size, 0)
    process.stdout.write(`${file}: ${count} prices of ${list.offer} in ${list.region}, of ${list.date}\n`)
  }
}
