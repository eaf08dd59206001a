import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Config } from '../../app/config.ts'
import { reached, startCluster, type Cluster } from '../lab/databases/replication.ts'
import type { Mysql } from '../lab/databases/mysql.ts'
import { openBrowser } from './browser.ts'
import { configOf, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

/** The first seconds of an application: its tables are being made, and have not arrived everywhere. */
describe('the bookstore, before all its tables are there', function () {
  this.timeout(10 * 60_000)
  let cluster: Cluster
  let reader: Mysql
  const shared = sharedFolder()

  before(async () => {
    cluster = await startCluster([0])
    ;[reader] = cluster.readers as [Mysql]
  })
  after(async () => {
    await cluster?.close()
    shared.remove()
  })

  const configFor = (name: string): Config =>
    configOf(cluster.writer, {
      DATABASE_NAME: name,
      DATABASE_READER_HOST: `127.0.0.1:${reader.port}`,
      DATABASE_PATIENCE: '1',
      SHARED_FOLDER: shared.path,
    })
  const readiness = async ({ origin }: Instance): Promise<{ writer: string; readers: readonly { state: string }[] }> =>
    (await (await fetch(`${origin}/readyz`)).json()) as { writer: string; readers: readonly { state: string }[] }
  const readerIs = async (site: Instance, state: string): Promise<void> => {
    for (let left = 300; left > 0 && (await readiness(site)).readers[0]?.state !== state; left--) await sleep(100)
    expect((await readiness(site)).readers[0]?.state).to.equal(state)
  }
  /** What twenty visitors, one after the other, are answered. */
  const answers = async ({ origin }: Instance): Promise<readonly number[]> => {
    const all: number[] = []
    for (let count = 0; count < 20; count++) all.push((await openBrowser(origin).get('/book/catalog')).status)
    return [...new Set(all)]
  }

  it('asks the writer for what the reader has not got yet, and uses the reader when it has all tables', async () => {
    const { writer } = cluster
    await reader.query('stop replica sql_thread')
    await prepare(configFor('half'))
    // as far as the heartbeat’s table, which is made before that of the books
    const events = await writer.query('show binlog events')
    const made = events.findIndex(({ Info }) => /use `half`; create table lease/.test(String(Info)))
    const place = /'(.*)'/.exec(String(events[made - 1]?.['Info']))?.[1] ?? ''
    await reader.query(`start replica sql_thread until sql_after_gtids = '${place}'`)
    await reached(reader, place)
    const site = await startInstance(configFor('half'))
    try {
      expect(await answers(site)).to.deep.equal([200])
      await readerIs(site, 'lagging')
      expect(await answers(site)).to.deep.equal([200])
      await reader.query('start replica sql_thread')
      await readerIs(site, 'up')
      // one that is missing a table although it looks complete: nobody is answered 500 for it
      await reader.query('stop replica sql_thread')
      await reader.query('set global super_read_only = off')
      await reader.query('set sql_log_bin = 0')
      await reader.query('rename table half.book to half.elsewhere')
      expect(await answers(site)).to.deep.equal([200])
      await reader.query('rename table half.elsewhere to half.book')
      await reader.query('set sql_log_bin = 1')
      await reader.query('set global super_read_only = on')
      await reader.query('start replica sql_thread')
    } finally {
      await site.stop()
    }
  })

  it('is not ready while nothing is set up, says 503 and why, and is ready when setup has ended', async () => {
    const site = await startInstance(configFor('later'))
    try {
      expect(await readiness(site)).to.deep.include({ status: 'unavailable', writer: 'not set up' })
      const page = await openBrowser(site.origin).get('/book/catalog')
      expect([page.status, page.headers.get('retry-after')]).to.deep.equal([503, '5'])
      await prepare(configFor('later'))
      expect((await fetch(`${site.origin}/readyz`)).status).to.equal(200)
      expect(await answers(site)).to.deep.equal([200])
      await readerIs(site, 'up')
    } finally {
      await site.stop()
    }
  })
})
