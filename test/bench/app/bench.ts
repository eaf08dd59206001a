import { setTimeout as sleep } from 'node:timers/promises'
import { openBrowser } from '../../app/browser.ts'
import { configOf, newcomer, offer, prepare, sharedFolder, startInstance, type Instance } from '../../app/site.ts'
import { movableAddress } from '../../lab/databases/address.ts'
import { promote, startCluster, type Cluster } from '../../lab/databases/replication.ts'
import { load, type Load } from './load.ts'

/** Reads, purchases and failures of the bookstore on a writer and two readers. Clients and servers share this machine. */
const seconds = Number(process.env['BENCH_SECONDS'] ?? 8)
const cluster: Cluster = await startCluster([0, 0])
const address = await movableAddress(cluster.writer.port)
const shared = sharedFolder()
const running: Instance[] = []
const writer = { ...cluster.writer, port: address.port }
const withReaders = async (count: number): Promise<Instance> => {
  const readers = cluster.readers.slice(0, count).map(({ port }) => `127.0.0.1:${port}`)
  const env = {
    SHARED_FOLDER: shared.path,
    DATABASE_READER_HOST: readers.join(','),
    METRICS_TOKEN: 'a token for the bench',
  }
  const site = await startInstance(configOf(writer, env))
  running.push(site)
  for (let left = 100; left > 0; left--) {
    const { status } = (await (await fetch(`${site.origin}/readyz`)).json()) as { status: string }
    if (status === 'ok') return site
    await sleep(100)
  }
  throw new Error('the readers are not used')
}
const statements = async ({ origin }: Instance): Promise<Record<string, number>> => {
  const text = await (
    await fetch(`${origin}/metrics`, { headers: { authorization: 'Bearer a token for the bench' } })
  ).text()
  return Object.fromEntries(
    [...text.matchAll(/^bookstore_statements_total\{.*server="([\w-]+)".*\} (\d+)/gm)].map((match) => [
      match[1] as string,
      Number(match[2]),
    ]),
  )
}
const tell = (name: string, { perSecond, p50, p99, failures, failing }: Load, more = ''): void => {
  const failed = Object.entries(failures).map(
    ([status, count]) => `${count} × ${status === '0' ? 'no answer' : status}`,
  )
  console.log(
    `${name.padEnd(44)} ${String(perSecond).padStart(5)}/s  p50 ${p50} ms  p99 ${p99} ms  ${failed.length === 0 ? 'no failures' : `${failed.join(', ')} within ${failing} ms`} ${more}`,
  )
}
const get = (origin: string, path: string) => async (): Promise<number> => {
  const response = await fetch(origin + path)
  await response.arrayBuffer()
  return response.status
}
const reads = { clients: 8, seconds, fine: [200] }

try {
  await prepare(configOf(writer))
  const first = await withReaders(0)
  const seller = await newcomer(first.origin)
  for (let count = 0; count < 40; count++) await offer(seller, { title: `Measured ${count}`, stock: '100000' })
  const book = await offer(seller, { title: 'Bought', stock: '1000000' })
  await load(get(first.origin, '/book/catalog'), { ...reads, seconds: 2 })
  for (const count of [0, 1, 2]) {
    const site = count === 0 ? first : await withReaders(count)
    await load(get(site.origin, '/book/catalog'), { ...reads, seconds: 1 })
    for (const path of ['/book/catalog', `/book/${book}`]) {
      const before = await statements(site)
      const result = await load(get(site.origin, path), reads)
      const after = await statements(site)
      const share = Object.entries(after).map(([server, all]) => `${server} ${all - (before[server] ?? 0)}`)
      tell(
        `${path.replace(/\d+/, 'ID')}, ${count === 0 ? 'all on the writer' : `${count} reader(s)`}`,
        result,
        `[${share.join(', ')}]`,
      )
    }
  }
  const site = running.at(-1) as Instance
  const buyers = await Promise.all(Array.from({ length: 8 }, () => newcomer(site.origin, 'Buyer')))
  const forms = await Promise.all(
    buyers.map(
      async (buyer) =>
        (await buyer.get(`/book/${book}`)).forms.find((each) => each.action === `/buy/${book}`)?.fields ?? {},
    ),
  )
  const buy = async (client: number): Promise<number> => {
    const { once: _once, ...fields } = forms[client] as Record<string, string>
    return (await (buyers[client] as (typeof buyers)[number]).post(`/buy/${book}`, fields)).status
  }
  tell('buy', await load(buy, { ...reads, fine: [302] }))

  setTimeout(() => cluster.readers[1]?.signal('SIGKILL'), 2000)
  tell('/book/catalog, a reader killed after 2 s', await load(get(site.origin, '/book/catalog'), reads))

  const [next] = cluster.readers
  setTimeout(() => cluster.writer.signal('SIGKILL'), 2000)
  setTimeout(() => {
    if (next !== undefined) void promote(next).then(() => address.pointTo(next.port))
  }, 3000)
  const [bought, read] = await Promise.all([
    load(buy, { ...reads, clients: 4, fine: [302] }),
    load(get(site.origin, '/book/catalog'), { ...reads, clients: 4 }),
  ])
  tell('buy, the writer killed after 2 s, next after 3', bought)
  tell('/book/catalog meanwhile', read)
  await openBrowser(site.origin).get('/')
} finally {
  await Promise.all(running.map((each) => each.stop()))
  await address.close()
  await cluster.close()
  shared.remove()
}
