import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { replicateMariadb, startMariadb } from '../lab/databases/mariadb.ts'
import type { Mysql } from '../lab/databases/mysql.ts'
import { openBrowser } from './browser.ts'
import { addCrowd, searchCrowd } from './crowd.ts'
import { configOf, newcomer, offer, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

describe('the bookstore on MariaDB', function () {
  this.timeout(15 * 60_000)
  let writer: Mysql
  let readers: Mysql[] = []
  let site: Instance
  const shared = sharedFolder()

  before(async () => {
    writer = await startMariadb({ id: 1 })
    readers = [await startMariadb({ id: 2, log: true }), await startMariadb({ id: 3, log: true })]
    await replicateMariadb(readers[0] as Mysql, writer)
    await replicateMariadb(readers[1] as Mysql, writer, 4)
    const config = configOf(writer, {
      SHARED_FOLDER: shared.path,
      DATABASE_READER_HOST: readers.map(({ port }) => `127.0.0.1:${port}`).join(','),
      DATABASE_MAX_LAG: '30',
    })
    await prepare(config)
    site = await startInstance(config)
    for (let left = 150; left > 0; left--) {
      const found = (await (await fetch(`${site.origin}/readyz`)).json()) as { readers: { state: string }[] }
      if (found.readers.every(({ state }) => state === 'up')) return
      await sleep(200)
    }
    throw new Error('the readers do not replicate')
  })
  after(async () => {
    await site?.stop()
    await Promise.all([writer, ...readers].map((each) => each?.close()))
    shared.remove()
  })

  it('goes from registering to the courier, and shows everybody what he wrote though a reader is behind', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Seal and sea', price: '3.33', stock: '4' })
    for (let count = 0; count < 6; count++) expect((await seller.get(`/book/${book}`)).status).to.equal(200)
    // who has written nothing lately may be shown the state of the late one; a form knows no reader
    let page = await buyer.get(`/book/${book}`)
    for (let left = 60; left > 0 && page.status !== 200; left--) {
      await sleep(200)
      page = await buyer.get(`/book/${book}`)
    }
    const form = page.forms.find((each) => each.action === `/buy/${book}`)?.fields ?? {}
    const bought = await Promise.all([1, 2, 3].map(() => buyer.post(`/buy/${book}`, form)))
    expect(new Set(bought.map(({ location }) => location)).size).to.equal(1)
    const order = bought[0]?.location?.split('/').at(-1)
    expect((await buyer.get(`/payment/${order}`)).text).to.contain('$3.33')
    expect((await buyer.submit(`/payment/${order}`)).location).to.equal(`/delivery/${order}`)
    await buyer.get(`/delivery/${order}`)
    expect((await buyer.submit(`/delivery/${order}`)).location).to.equal('/book/catalog')
    expect((await buyer.get(`/purchases/${order}`)).text).to.contain('DHL')
    // the readers were asked: the position is checked there
    const asked = readers.map((reader) => reader.log().split('master_gtid_wait').length - 1)
    expect(asked[0]).to.be.greaterThan(0)
    expect((readers[0] as Mysql).log()).to.contain('from `book`')
  })

  it('finds words, and keeps checks and unique keys', async () => {
    const visitor = openBrowser(site.origin)
    // also from the one that is behind
    let found = 0
    for (let left = 300; left > 0 && found < 10; left--) {
      const { text } = await visitor.get('/book/catalog?q=seal')
      if (text.includes('Seal and sea')) found += 1
      else await sleep(100)
    }
    expect(found).to.equal(10)
    const wrong = writer.query(`update bookstore.book set stock = -1`).catch((error: Error) => error.message)
    expect(await wrong).to.match(/CONSTRAINT `book_stock_check` failed/)
  })

  it('puts in order what many books have, and says so where they are too many', async () => {
    await addCrowd(writer)
    const alone = await startInstance(configOf(writer, { SHARED_FOLDER: shared.path }))
    try {
      await searchCrowd(alone.origin)
    } finally {
      await alone.stop()
    }
  })
})
