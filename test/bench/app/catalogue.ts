import { configOf, prepare, sharedFolder, startInstance } from '../../app/site.ts'
import { startMysql } from '../../lab/databases/mysql.ts'
import { fill } from './fill.ts'

/**
 * What pages cost as the catalogue grows, one request after the other: node test/bench/app/catalogue.ts [BOOKS …], 10,000 and 1,000,000
 * by default. Filling the larger takes some minutes.
 */
const sizes = process.argv.slice(2).map(Number)
const requests = Number(process.env['BENCH_REQUESTS'] ?? 60)

/** The address of a page somewhere behind the first, in the words of `listing.ts`. */
const after = (key: string | number, id: number): string => Buffer.from(JSON.stringify([key, id])).toString('base64url')

for (const books of sizes.length > 0 ? sizes : [10_000, 1_000_000]) {
  const server = await startMysql({ options: ['--skip-log-bin', '--innodb-buffer-pool-size=1G'] })
  const shared = sharedFolder()
  const config = configOf(server, { SHARED_FOLDER: shared.path })
  await prepare(config)
  const begun = performance.now()
  await fill(server, books)
  console.log(`${books} books, filled in ${Math.round((performance.now() - begun) / 1000)} s`)
  const site = await startInstance(config)
  const middle = (
    await server.query('select id, title, price from book order by id limit 1 offset ?', [books / 2])
  )[0] as {
    id: number
    title: string
    price: string
  }
  // numbers are missing between the batches
  const some = (await server.query('select id from book where id % 97 = 1 limit 5000')).map(({ id }) => id)
  const list = (query: Record<string, string>): string => `/book/catalog?${new URLSearchParams(query)}`
  const pages: Record<string, () => string> = {
    'first page': () => '/book/catalog',
    'page in the middle': () => list({ after: after(middle.id, middle.id) }),
    'in the middle, by title': () => list({ sort: 'title', after: after(middle.title, middle.id) }),
    'in the middle, by price': () =>
      list({ sort: 'cheapest', after: after(Math.round(Number(middle.price) * 100), middle.id) }),
    'a word of each seventh': () => list({ q: 'silent' }),
    'a word of one in 1,000': () => list({ q: 'nounbaaaa' }),
    'a word of ten': () => list({ q: 'rarebaaaa' }),
    'a word of none': () => list({ q: 'nowhere' }),
    'each seventh, by price': () => list({ q: 'silent', sort: 'cheapest' }),
    'each seventh, by title': () => list({ q: 'silent', sort: 'title' }),
    'a book': () => `/book/${some[Math.floor(Math.random() * some.length)]}`,
  }
  for (const [name, path] of Object.entries(pages)) {
    const times: number[] = []
    const answers = new Set<number>()
    for (let count = 0; count < requests + 3; count++) {
      const start = performance.now()
      const response = await fetch(site.origin + path())
      await response.text()
      answers.add(response.status)
      // the first ones open connections and fill caches
      if (count >= 3) times.push(performance.now() - start)
    }
    const sorted = times.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      Math.round(sorted[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
    console.log(`  ${name.padEnd(26)} p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  [${[...answers].join(', ')}]`)
  }
  await site.stop()
  await server.close()
  shared.remove()
}
