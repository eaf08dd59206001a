import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { configOf, newcomer, offer, prepare, sharedFolder, startInstance } from '../../app/site.ts'
import { caughtUp, startCluster } from '../../lab/databases/replication.ts'
import { load } from './load.ts'
import { narrowWay } from './narrow.ts'

/**
 * What more processes and more readers bring. Clients, applications and servers share this machine, so processes can gain only what it has
 * processors for; readers are given a known capacity instead, of which two have twice as much.
 */
const seconds = Number(process.env['BENCH_SECONDS'] ?? 8)
const service = 50
const cluster = await startCluster([0, 0])
const shared = sharedFolder()
const config = configOf(cluster.writer, { SHARED_FOLDER: shared.path })
await prepare(config)
const first = await startInstance(config)
const seller = await newcomer(first.origin)
for (let count = 0; count < 40; count++) await offer(seller, { title: `Measured ${count}` })
await first.stop()
await Promise.all(cluster.readers.map((reader) => caughtUp(reader, cluster.writer)))

const token = 'a token for the bench'
const statements = async (origin: string): Promise<ReadonlyMap<string, number>> => {
  const text = await (await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()
  const all = text.matchAll(/^bookstore_statements_total\{.*server="([\w-]+)".*\} (\d+)/gm)
  return new Map([...all].map((match) => [match[1] as string, Number(match[2])]))
}
const launch = async (readers: readonly number[]): Promise<{ origin: string; child: ChildProcess }> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../../app/server.ts', import.meta.url))], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(cluster.writer.port),
      DATABASE_USER: cluster.writer.user,
      DATABASE_PASSWORD: cluster.writer.password,
      DATABASE_READER_HOST: readers.map((port) => `127.0.0.1:${port}`).join(','),
      SECRET_KEY: 'an7Xq2Lw9Zr4Tb6Yc8Vd1Ne3Mf5Kg0Hj',
      SHARED_FOLDER: shared.path,
      METRICS_TOKEN: token,
      STOP_DELAY: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const origin = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { msg, port } = JSON.parse(line) as { msg?: string; port?: number }
      if (msg === 'listening') resolve(`http://127.0.0.1:${port}`)
    })
  })
  for (let left = 200; left > 0; left--) {
    if (((await (await fetch(`${origin}/readyz`)).json()) as { status: string }).status === 'ok') break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { origin, child }
}
const measure = async (name: string, count: number, readers: readonly number[], clients: number): Promise<void> => {
  const all = await Promise.all(Array.from({ length: count }, () => launch(readers)))
  const ask = async (client: number): Promise<number> => {
    const response = await fetch(`${all[client % count]?.origin}/book/catalog`)
    await response.arrayBuffer()
    return response.status
  }
  await load(ask, { clients, seconds: 2, fine: [200] })
  const before = await Promise.all(all.map(({ origin }) => statements(origin)))
  const { perSecond, p50, p99, failures } = await load(ask, { clients, seconds, fine: [200] })
  const after = await Promise.all(all.map(({ origin }) => statements(origin)))
  const share = [...(after[0]?.keys() ?? [])].map((server) => {
    const sum = (maps: typeof after): number => maps.reduce((total, each) => total + (each.get(server) ?? 0), 0)
    return `${server} ${sum(after) - sum(before)}`
  })
  console.log(
    `${name.padEnd(40)} ${String(perSecond).padStart(4)}/s  p50 ${p50} ms  p99 ${p99} ms  ${JSON.stringify(failures)}  [${share.join(', ')}]`,
  )
  for (const { child } of all) child.kill('SIGKILL')
}

const ports = cluster.readers.map(({ port }) => port)
for (const count of [1, 2, 4]) await measure(`${count} process(es), two readers`, count, ports, 8)
const narrow = await Promise.all(ports.map((port) => narrowWay(port, service)))
for (const count of [1, 2])
  await measure(
    `${count} reader(s) of ${1000 / service} statements a second`,
    2,
    narrow.slice(0, count).map(({ port }) => port),
    16,
  )
await cluster.close()
shared.remove()
process.exit(0)
