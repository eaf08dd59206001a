import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { openBrowser, type Browser } from './browser.ts'
import { configOf, newcomer, offer, prepare, sharedFolder } from './site.ts'

interface Process {
  readonly origin: string
  readonly child: ChildProcess
  readonly lines: Record<string, unknown>[]
}

/** Several processes of the application, as the group runs them. */
describe('several instances of the bookstore', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  const shared = sharedFolder()
  const running: Process[] = []
  const env = (): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: String(server.port),
    DATABASE_USER: server.user,
    DATABASE_PASSWORD: server.password,
    SECRET_KEY: 'an7Xq2Lw9Zr4Tb6Yc8Vd1Ne3Mf5Kg0Hj',
    SHARED_FOLDER: shared.path,
    LIMIT_LOGINS_PER_MINUTE: '10000',
    LIMIT_WRITES_PER_MINUTE: '10000',
    STOP_DELAY: '1',
  })

  const launch = async (name: string, more: Record<string, string> = {}): Promise<Process> => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('../../app/server.ts', import.meta.url))], {
      env: { ...env(), INSTANCE_ID: name, ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: Record<string, unknown>[] = []
    const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    const port = await new Promise<number>((resolve, reject) => {
      reader.on('line', (line) => {
        const entry = JSON.parse(line) as Record<string, unknown>
        lines.push(entry)
        if (entry['msg'] === 'listening') resolve(Number(entry['port']))
      })
      child.once('exit', (code) => reject(new Error(`the application ended with ${code}`)))
    })
    const made = { origin: `http://127.0.0.1:${port}`, child, lines }
    running.push(made)
    return made
  }
  const end = async ({ child }: Process, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    child.kill(signal)
    return ((await once(child, 'exit')) as [number | null])[0]
  }

  before(async () => {
    server = await startMysql()
    await prepare(configOf(server))
    writeFileSync(join(shared.path, 'favicon.ico'), 'the icon of all')
  })
  after(async () => {
    await Promise.all(running.map((each) => end(each, 'SIGKILL')))
    await server?.close()
    shared.remove()
  })
  const rows = async (sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> => {
    return await server.query(sql, values)
  }

  it('share sessions, forms and files: what was begun on one goes on on the next', async () => {
    const all = await Promise.all(['a', 'b'].map((name) => launch(name)))
    let turn = 0
    const somebody = await newcomer(() => all[turn++ % all.length]?.origin ?? '')
    expect(await offer(somebody, { title: 'Everywhere' })).to.be.greaterThan(0)
    for (const { origin } of all) {
      const icon = await fetch(`${origin}/favicon.ico`)
      expect([icon.headers.get('content-type'), await icon.text()]).to.deep.equal([
        'image/vnd.microsoft.icon',
        'the icon of all',
      ])
    }
    await Promise.all(all.map((each) => end(each)))
  })

  it('sell 50 copies to 200 who want one at the same time, though one instance is killed, and lose count of none', async () => {
    // two hundred who wait for one row on a machine that is busy: none may be turned away for that
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((name) => launch(name, { DATABASE_PATIENCE: '60' })))
    const [first] = all as [Process]
    const seller = await newcomer(first.origin)
    const book = await offer(seller, { title: 'Wanted', stock: '50' })
    const buyers: Browser[] = []
    for (let count = 0; count < 20; count++) buyers.push(await newcomer(first.origin, 'Buyer'))
    const forms = await Promise.all(
      buyers.map(async (buyer) =>
        (await buyer.get(`/book/${book}`)).forms.find((each) => each.action === `/buy/${book}`),
      ),
    )
    const answers: number[] = []
    const attempts = Array.from({ length: 200 }, async (_, index) => {
      const buyer = buyers[index % buyers.length] as Browser
      const { origin } = all[index % all.length] as Process
      const { once: _once, ...fields } = forms[index % buyers.length]?.fields ?? {}
      const there = openBrowser(origin)
      for (const [name, value] of buyer.cookies) there.cookies.set(name, value)
      try {
        answers.push((await there.post(`/buy/${book}`, fields)).status)
      } catch {
        answers.push(0)
      }
    })
    await sleep(60)
    all[3]?.child.kill('SIGKILL')
    await Promise.all(attempts)
    // what the killed instance did not answer may or may not have been bought; what there is, is right
    const [{ sold = 0 } = {}] = (await rows('select sum(quantity) as sold from bookstore.purchase where book_id = ?', [
      book,
    ])) as { sold: string }[]
    const [{ stock = -1 } = {}] = (await rows('select stock from bookstore.book where id = ?', [book])) as {
      stock: number
    }[]
    expect(Number(sold) + stock).to.equal(50)
    const bought = answers.filter((status) => status === 302).length
    expect(Number(sold)).to.be.within(bought, bought + answers.filter((status) => status === 0).length)
    expect(answers.filter((status) => ![0, 302, 400].includes(status))).to.deep.equal([])
    // all the others go on until the last copy
    const left = openBrowser(first.origin)
    for (const [name, value] of (buyers[0] as Browser).cookies) left.cookies.set(name, value)
    const { once: _once, ...fields } = forms[0]?.fields ?? {}
    for (let count = stock; count > 0; count--) expect((await left.post(`/buy/${book}`, fields)).status).to.equal(302)
    expect((await left.post(`/buy/${book}`, fields)).status).to.equal(400)
    expect(await rows('select sum(quantity) as sold from bookstore.purchase where book_id = ?', [book])).to.deep.equal([
      { sold: '50' },
    ])
    await Promise.all(all.map((each) => end(each)))
  })

  it('do the jobs on one of them only, and on the next when that one dies', async () => {
    const all = await Promise.all(['a', 'b', 'c'].map((name) => launch(name)))
    const leaders = (): Process[] =>
      all.filter(
        ({ lines }) =>
          lines.findLast(({ msg }) => /does the jobs/.test(String(msg)))?.['msg'] === 'this instance does the jobs',
      )
    for (let left = 150; left > 0 && leaders().length === 0; left--) await sleep(200)
    await sleep(2500)
    expect(leaders()).to.have.length(1)
    const [leader] = leaders() as [Process]
    await end(leader, 'SIGKILL')
    const others = all.filter((each) => each !== leader)
    for (let left = 150; left > 0 && leaders().length < 2; left--) await sleep(200)
    expect(leaders().filter((each) => others.includes(each))).to.have.length(1)
    await Promise.all(others.map((each) => end(each)))
  })

  it('finish what has begun when told to stop, and lose no request while they are replaced one by one', async () => {
    const slowly = { STOP_DELAY: '3' }
    let all = await Promise.all(['a', 'b'].map((name) => launch(name, slowly)))
    const load = { on: true }
    let asked = 0
    const failures: string[] = []
    const clients = Array.from({ length: 4 }, async (_, index) => {
      while (load.on) {
        // as a load balancer does: only to those that say they are ready
        const target = all[(asked + index) % all.length] as Process
        try {
          const response = await fetch(`${target.origin}/book/catalog`)
          await response.text()
          asked += 1
          if (response.status !== 200) failures.push(String(response.status))
        } catch (error) {
          failures.push(String((error as Error).cause ?? error))
        }
      }
    })
    for (const name of ['c', 'd']) {
      const [old, ...rest] = all as [Process, ...Process[]]
      const fresh = await launch(name, slowly)
      const ended = end(old)
      let status = 200
      for (let left = 500; left > 0 && status === 200; left--) {
        status = (await fetch(`${old.origin}/readyz`)).status
        await sleep(20)
      }
      expect(status).to.equal(503)
      all = [...rest, fresh]
      expect(await ended).to.equal(0)
    }
    load.on = false
    await Promise.all(clients)
    expect(failures).to.deep.equal([])
    expect(asked).to.be.greaterThan(20)
    await Promise.all(all.map((each) => end(each)))
  })

  it('write one JSON object a line, each with instance and request, and nothing of what was typed', async () => {
    const one = await launch('the-one')
    await fetch(`${one.origin}/book/catalog?q=a-secret-search`, { headers: { 'x-request-id': 'given-by-the-proxy' } })
    await newcomer(one.origin, 'Secretive')
    const find = (): Record<string, unknown> | undefined =>
      one.lines.find(({ request, msg }) => request === 'given-by-the-proxy' && msg === 'request')
    for (let left = 100; left > 0 && find() === undefined; left--) await sleep(100)
    const line = find()
    expect(line).to.deep.include({
      instance: 'the-one',
      level: 'info',
      method: 'GET',
      path: '/book/catalog',
      status: 200,
    })
    const all = JSON.stringify(one.lines)
    for (const secret of ['a-secret-search', 'secretive', 'correct horse', server.password])
      expect(all).not.to.contain(secret)
    await end(one)
  })
})
