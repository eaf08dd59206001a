import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Config } from '../../app/config.ts'
import { makeLog } from '../../app/http/log.ts'
import { openDatabase } from '../../app/orm/open.ts'
import { movableAddress } from '../lab/databases/address.ts'
import { caughtUp, promote, startCluster, type Cluster } from '../lab/databases/replication.ts'
import type { Mysql } from '../lab/databases/mysql.ts'
import { openBrowser } from './browser.ts'
import { configOf, newcomer, offer, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

interface Ready {
  readonly status: string
  readonly readers: readonly { readonly name: string; readonly state: string; readonly lag?: number }[]
}

/** Which server saw which statement is read from the servers’ own logs. */
describe('reads and writes of the bookstore', function () {
  this.timeout(15 * 60_000)
  let cluster: Cluster
  let site: Instance
  let config: Config
  const shared = sharedFolder()
  const lag = 10

  before(async () => {
    cluster = await startCluster([0, lag], { log: true })
    const { writer, readers } = cluster
    config = configOf(writer, {
      SHARED_FOLDER: shared.path,
      DATABASE_READER_HOST: readers.map(({ port }) => `127.0.0.1:${port}`).join(','),
      DATABASE_MAX_LAG: '30',
    })
    await prepare(config)
    site = await startInstance(config)
    await readersAre('up', 'up')
  })
  after(async () => {
    await site?.stop()
    await cluster?.close()
    shared.remove()
  })

  const ready = async (): Promise<Ready> => (await (await fetch(`${site.origin}/readyz`)).json()) as Ready
  const readersAre = async (...states: readonly string[]): Promise<void> => {
    let seen: readonly string[] = []
    for (let left = 150; left > 0; left--) {
      seen = (await ready()).readers.map(({ state }) => state)
      if (seen.join() === states.join()) return
      await sleep(200)
    }
    throw new Error(`the readers are ${seen.join()}, not ${states.join()}`)
  }
  /** The statements on books, orders and users that a server has seen since. */
  const statements = (server: Mysql, since: number): readonly string[] =>
    server
      .log()
      .slice(since)
      .split('\n')
      .map((line) => /\tQuery\t(.*)$/.exec(line.replaceAll(/ +Query\t/g, '\tQuery\t'))?.[1] ?? '')
      .filter((text) => /`(book|purchase|payment|user|session|delivery_\w+|submission)`/.test(text))
      // the jobs, which look for late orders now and then, are nobody's request
      .filter((text) => !/^delete from `(session|submission)` where `\w+_at` <|'Pending Payment' and /i.test(text))
  const marks = (): readonly number[] => [cluster.writer, ...cluster.readers].map((server) => server.log().length)
  const seen = (since: readonly number[]): readonly (readonly string[])[] =>
    [cluster.writer, ...cluster.readers].map((server, index) => statements(server, since[index] as number))

  it('asks only readers for the catalogue', async () => {
    const since = marks()
    const visitor = openBrowser(site.origin)
    for (let count = 0; count < 20; count++) expect((await visitor.get('/book/catalog')).status).to.equal(200)
    const [writer = [], first = [], second = []] = seen(since)
    expect(writer).to.deep.equal([])
    expect(first.length + second.length).to.equal(20)
    // both take part: the odds against it are a million to one
    expect(first.length).to.be.greaterThan(0)
    expect(second.length).to.be.greaterThan(0)
  })

  it('sends every statement of a request that changes something to the writer', async () => {
    const seller = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Written' })
    // after it, so that what he has written himself makes sure that his reads know the book
    const buyer = await newcomer(site.origin)
    const page = await buyer.get(`/book/${book}`)
    expect(page.status).to.equal(200)
    const since = marks()
    expect((await buyer.submit(`/buy/${book}`)).status).to.equal(302)
    const [writer = [], ...readers] = seen(since)
    expect(readers).to.deep.equal([[], []])
    expect(
      writer.some((text) => text.startsWith('update `book` set `stock` = stock - 1')),
      writer.join('\n'),
    ).to.equal(true)
    expect(writer.some((text) => text.startsWith('insert into `purchase`'))).to.equal(true)
  })

  it('shows a user what he has just written, for all of the ten seconds that a reader is behind', async () => {
    const [, late] = cluster.readers as [Mysql, Mysql]
    const seller = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Fresh' })
    const written = performance.now()
    const arrived = async (): Promise<boolean> =>
      (await late.query('select id from bookstore.book where id = ?', [book])).length > 0
    const since = marks()
    let before = marks()
    let rounds = 0
    for (; !(await arrived()); rounds++) {
      expect((await seller.get(`/book/${book}`)).text).to.contain('Fresh')
      expect((await seller.get('/book/my_books')).text).to.contain('Fresh')
      if (!(await arrived())) before = marks()
      await sleep(100)
    }
    // a second may be lost in the timestamps, which are whole ones
    expect(performance.now() - written).to.be.greaterThan((lag - 2) * 1000)
    expect(rounds).to.be.greaterThan(5)
    // not by asking the writer for all: the reader that has caught up answers, the late one nothing
    expect(statements(cluster.readers[0] as Mysql, since[1] as number)).to.not.deep.equal([])
    expect(late.log().slice(since[2], before[2]).split('from `book`')).to.have.length(1)
    // and is asked again as soon as it has it
    for (let left = 300; left > 0 && statements(late, since[2] as number).length === 0; left--) {
      expect((await seller.get(`/book/${book}`)).text).to.contain('Fresh')
      await sleep(50)
    }
    expect(statements(late, since[2] as number)).to.not.deep.equal([])
  })

  it('takes out a reader that is gone and one that hangs, loses no request, and takes them back', async () => {
    const visitor = openBrowser(site.origin)
    const [first, second] = cluster.readers as [Mysql, Mysql]
    second.signal('SIGSTOP')
    try {
      for (let count = 0; count < 30; count++) expect((await visitor.get('/book/catalog')).status).to.equal(200)
      await readersAre('up', 'down')
      const begun = performance.now()
      for (let count = 0; count < 30; count++) expect((await visitor.get('/book/catalog')).status).to.equal(200)
      // not waiting for the one that hangs, which each second request would do
      expect(performance.now() - begun).to.be.lessThan(40_000)
      expect((await ready()).status).to.equal('degraded')
      first.signal('SIGSTOP')
      await readersAre('down', 'down')
      const since = marks()
      expect((await visitor.get('/book/catalog')).status).to.equal(200)
      expect(seen(since)[0]).to.have.length(1)
    } finally {
      first.signal('SIGCONT')
      second.signal('SIGCONT')
    }
    await readersAre('up', 'up')
  })

  it('ends a SELECT that takes too long at the server, and does not take that for a server that hangs', async () => {
    const database = await openDatabase(config, makeLog(config))
    try {
      for (let left = 50; left > 0 && database.readers().some(({ state }) => state !== 'up'); left--) await sleep(100)
      const begun = performance.now()
      await database.read(undefined, (em) => em.getConnection('read').execute('select sleep(30)'))
      expect(performance.now() - begun).to.be.within(3500, 15_000)
      expect(database.readers().map(({ state }) => state)).to.deep.equal(['up', 'up'])
      expect(database.writer().statements).to.equal(0)
    } finally {
      await database.close()
    }
  })

  it('leaves out a reader that lags too far', async () => {
    const [, second] = cluster.readers as [Mysql, Mysql]
    const strict = await startInstance(
      configOf(cluster.writer, {
        DATABASE_READER_HOST: cluster.readers.map(({ port }) => `127.0.0.1:${port}`).join(','),
        DATABASE_MAX_LAG: '1',
        SHARED_FOLDER: shared.path,
      }),
    )
    try {
      let states: string[] = []
      for (let left = 100; left > 0 && states[1] !== 'lagging'; left--) {
        await sleep(200)
        const found = (await (await fetch(`${strict.origin}/readyz`)).json()) as Ready
        states = found.readers.map(({ state }) => state)
      }
      expect(states).to.deep.equal(['up', 'lagging'])
      await second.query('stop replica sql_thread')
      await second.query('change replication source to source_delay = 0')
      await second.query('start replica sql_thread')
      for (let left = 100; left > 0 && states[1] !== 'up'; left--) {
        await sleep(200)
        const found = (await (await fetch(`${strict.origin}/readyz`)).json()) as Ready
        states = found.readers.map(({ state }) => state)
      }
      expect(states).to.deep.equal(['up', 'up'])
    } finally {
      await strict.stop()
    }
  })

  it('answers 503 with Retry-After while the writer is away, reads go on, and a failover loses no write', async () => {
    const { writer, readers } = cluster
    const [next, other] = readers as [Mysql, Mysql]
    const address = await movableAddress(writer.port)
    const env = { DATABASE_READER_HOST: `127.0.0.1:${other.port}`, SHARED_FOLDER: shared.path }
    const moving = await startInstance(configOf({ ...writer, port: address.port }, { ...env, DATABASE_PATIENCE: '5' }))
    try {
      const seller = await newcomer(moving.origin)
      const book = await offer(seller, { title: 'Survivor', stock: '10' })
      const buyer = await newcomer(moving.origin)
      await Promise.all(readers.map((reader) => caughtUp(reader, writer)))
      await buyer.get(`/book/${book}`)
      await writer.query('set global super_read_only = on')
      const refused = await buyer.submit(`/buy/${book}`)
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '5'])
      expect((await openBrowser(moving.origin).get('/book/catalog')).text).to.contain('Survivor')
      expect((await fetch(`${moving.origin}/healthz`)).status).to.equal(200)

      // the endpoint leads to the promoted reader, while the pool still holds connections to the old writer
      await promote(next)
      await buyer.get(`/book/${book}`)
      const buying = buyer.submit(`/buy/${book}`)
      await sleep(500)
      address.pointTo(next.port)
      const bought = await buying
      expect(bought.status).to.equal(302)
      expect(await next.query('select stock from bookstore.book where id = ?', [book])).to.deep.equal([{ stock: 9 }])

      const form = (await buyer.get(`/book/${book}`)).forms.find((each) => each.action === `/buy/${book}`)
      address.pointTo(1)
      address.cut()
      expect((await buyer.post(`/buy/${book}`, form?.fields ?? {})).status).to.equal(503)
      expect((await fetch(`${moving.origin}/readyz`)).status).to.equal(503)
      address.pointTo(next.port)
      await buyer.get(`/book/${book}`)
      expect((await buyer.submit(`/buy/${book}`)).status).to.equal(302)
      expect(await next.query('select stock from bookstore.book where id = ?', [book])).to.deep.equal([{ stock: 8 }])
    } finally {
      await moving.stop()
      await address.close()
    }
  })
})
