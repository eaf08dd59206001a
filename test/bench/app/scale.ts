import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { configOf, newcomer, offer, prepare, sharedFolder, startInstance } from '../../app/site.ts'
import { caughtUp, startCluster } from '../../lab/databases/replication.ts'
import type { Mysql } from '../../lab/databases/mysql.ts'
import { doneBy, since, type Done } from './counters.ts'
import { load } from './load.ts'
import { narrowWay } from './narrow.ts'

/**
 * What more processes and more readers bring. Clients, applications and all servers share this machine: where its processors are the limit,
 * a second reader adds none, and requests per second can't grow. What can be seen there is what each server has done for a request, by its
 * own counts: its statements and its processor time, which is what a machine of its own would have to give. Then readers get a known
 * capacity, of which two have twice as much.
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

const servers = {
  writer: cluster.writer,
  'reader 1': cluster.readers[0] as Mysql,
  'reader 2': cluster.readers[1] as Mysql,
}
const counts = async (): Promise<readonly Done[]> => await Promise.all(Object.values(servers).map(doneBy))
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
  const before = await counts()
  const { perSecond, p50, p99, failures, answered } = await load(ask, { clients, seconds, fine: [200] })
  const after = await counts()
  console.log(
    `${name.padEnd(40)} ${String(perSecond).padStart(4)}/s  p50 ${p50} ms  p99 ${p99} ms  ${JSON.stringify(failures)}`,
  )
  for (const [index, server] of Object.keys(servers).entries()) {
    const { reads, statements, processor } = since(before[index] as Done, after[index] as Done)
    const each = (processor / answered).toFixed(2)
    console.log(`  ${server.padEnd(10)} books read ${reads}, statements ${statements}, processor ${each} ms a request`)
  }
  await Promise.all(
    all.map(async ({ child }) => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }),
  )
}

const ports = cluster.readers.map(({ port }) => port)
for (const count of [1, 2, 4]) await measure(`${count} process(es), two readers`, count, ports, 8)
for (const count of [0, 1, 2]) await measure(`2 processes, ${count} reader(s)`, 2, ports.slice(0, count), 8)
const narrow = await Promise.all(ports.map((port) => narrowWay(port, service)))
for (const count of [1, 2])
  await measure(
    `${count} reader(s) of ${1000 / service} statements a second`,
    2,
    narrow.slice(0, count).map(({ port }) => port),
    16,
  )
for (const way of narrow) way.close()
await cluster.close()
shared.remove()
