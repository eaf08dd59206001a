import { expect } from 'chai'
import { makeLog } from '../../app/http/log.ts'
import { sweep } from '../../app/jobs/jobs.ts'
import { openDatabase } from '../../app/orm/open.ts'
import type { Database } from '../../app/orm/database.ts'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { configOf, newcomer, offer, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

describe('orders of the bookstore', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  let site: Instance
  let database: Database
  const shared = sharedFolder()
  const log = makeLog({ logLevel: 'silent', instance: 'test' })

  before(async () => {
    server = await startMysql()
    // the sweep of the instance itself must not be first
    const config = configOf(server, { SHARED_FOLDER: shared.path, UNPAID_MINUTES: '10080' })
    await prepare(config)
    site = await startInstance(config)
    database = await openDatabase(config, log)
  })
  after(async () => {
    await database?.close()
    await site?.stop()
    await server?.close()
    shared.remove()
  })
  const stock = async (book: number): Promise<unknown> =>
    (await server.query('select stock from bookstore.book where id = ?', [book]))[0]?.['stock']

  it('give their copies back once when nobody pays, however many sweep', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Held', stock: '10' })
    for (const quantity of ['2', '3', '1']) {
      await buyer.get(`/book/${book}`)
      await buyer.submit(`/buy/${book}`, { quantity })
    }
    const orders = (await server.query('select id from bookstore.purchase where book_id = ? order by id', [book])).map(
      ({ id }) => Number(id),
    )
    const [late, paid, fresh] = orders as [number, number, number]
    await buyer.get(`/payment/${paid}`)
    await buyer.submit(`/payment/${paid}`)
    await server.query('update bookstore.purchase set created_at = now() - interval 1 day where id in (?, ?)', [
      late,
      paid,
    ])
    const ended = await Promise.all(Array.from({ length: 4 }, () => sweep(database, 30, log)))
    expect(ended.reduce((sum, each) => sum + each, 0)).to.equal(1)
    expect(await stock(book)).to.equal(6)
    expect(
      await server.query('select status from bookstore.purchase where book_id = ? order by id', [book]),
    ).to.deep.equal([{ status: 'Expired' }, { status: 'Paid' }, { status: 'Pending Payment' }])
    const _csrf = (await buyer.get('/')).forms[0]?.fields['_csrf'] ?? ''
    expect((await buyer.post(`/payment/${late}`, { _csrf, method: 'Paypal' })).status).to.equal(409)
    expect((await buyer.post(`/purchases/${late}/cancel`, { _csrf })).status).to.equal(409)
    const cancelled = await Promise.all(
      Array.from({ length: 4 }, () => buyer.post(`/purchases/${fresh}/cancel`, { _csrf })),
    )
    expect(cancelled.map(({ status }) => status)).to.deep.equal([302, 302, 302, 302])
    expect(await stock(book)).to.equal(7)
    expect((await buyer.post(`/purchases/${paid}/cancel`, { _csrf })).status).to.equal(409)
  })

  it('can be resumed, sent and received, each step by whoever may and in its order', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin, 'Bruno')
    const book = await offer(seller, { title: 'Stepwise' })
    await buyer.get(`/book/${book}`)
    const order = (await buyer.submit(`/buy/${book}`)).location?.split('/').at(-1)
    expect((await buyer.get('/purchases')).text)
      .to.contain(`href="/payment/${order}"`)
      .and.to.contain('Waiting for payment')
    const sellers = (await seller.get('/sales')).forms[0]?.fields['_csrf'] ?? ''
    expect((await seller.post(`/sales/${order}/ship`, { _csrf: sellers })).status).to.equal(409)
    await buyer.get(`/payment/${order}`)
    await buyer.submit(`/payment/${order}`)
    expect((await buyer.get(`/payment/${order}`)).location).to.equal(`/purchases/${order}`)
    expect((await buyer.get(`/purchases/${order}`)).text).to.contain(`href="/delivery/${order}"`)
    await buyer.get(`/delivery/${order}`)
    await buyer.submit(`/delivery/${order}`, { provider: '1' })
    expect((await seller.get('/sales')).text).to.contain('Bruno')
    expect((await seller.submit(`/sales/${order}/ship`)).location).to.equal('/sales')
    await buyer.get(`/purchases/${order}`)
    expect((await buyer.submit(`/purchases/${order}/receive`)).status).to.equal(302)
    expect((await buyer.get(`/purchases/${order}`)).text).to.contain('Delivered')
  })

  it('keep title and price as they were, and the book, when the seller changes or deletes it', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const book = await offer(seller, { title: 'As it was', price: '5' })
    await buyer.get(`/book/${book}`)
    const order = (await buyer.submit(`/buy/${book}`, { quantity: '2' })).location?.split('/').at(-1)
    await seller.get(`/book/edit_book/${book}`)
    await seller.submit(`/book/edit_book/${book}`, { title: 'Renamed', price: '50' })
    await seller.get('/book/my_books')
    expect((await seller.submit(`/book/delete_book/${book}`)).status).to.equal(302)
    const page = await buyer.get(`/payment/${order}`)
    expect(page.text).to.contain('As it was').and.to.contain('$10.00')
    expect((await buyer.submit(`/payment/${order}`)).status).to.equal(302)
  })

  it('survive the seller’s edit: a sale in between is not undone, an edit from an old page is refused', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Edited', stock: '10' })
    const old = (await seller.get(`/book/edit_book/${book}`)).forms.find((form) => form.multipart)?.fields ?? {}
    await buyer.get(`/book/${book}`)
    await buyer.submit(`/buy/${book}`, { quantity: '3' })
    expect((await seller.submit(`/book/edit_book/${book}`, { stock: '12' })).status).to.equal(302)
    expect(await stock(book)).to.equal(9)
    const again = await seller.post(`/book/edit_book/${book}`, { ...old, title: 'From an old page' })
    expect(again.status).to.equal(409)
    expect(again.text).to.contain('Somebody has changed this book').and.to.contain('value="9"')
    expect(await stock(book)).to.equal(9)
  })

  it('are listed in pages, newest first, and so is the catalogue: every book once, in each order', async () => {
    const seller = await newcomer(site.origin)
    const user = (await server.query('select max(id) as id from bookstore.user'))[0]?.['id']
    await server.query(
      `insert into bookstore.book (title, author, price, stock, seller_id, created_at)
       with recursive n (n) as (select 1 union all select n + 1 from n where n < 100)
       select concat('Paged ', lpad(n % 40, 3, '0')), 'Author of pages', n % 7 + 0.5, 1, ?, now() from n`,
      [user],
    )
    for (const sort of ['newest', 'title', 'cheapest']) {
      const found: string[] = []
      let path: string | undefined = `/book/catalog?q=paged&sort=${sort}`
      while (path !== undefined) {
        const { text, status } = await seller.get(path)
        expect(status).to.equal(200)
        found.push(...[...text.matchAll(/<h2><a href="\/book\/(\d+)"/g)].map((match) => match[1] as string))
        path = /href="(\/book\/catalog[^"]*after=[^"]*)">More/.exec(text)?.[1]?.replaceAll('&amp;', '&')
      }
      expect(found, sort).to.have.length(100)
      expect(new Set(found).size, sort).to.equal(100)
    }
    for (const q of ['the', 'of', 'x', '"', '+-*', '(', "'", '%', '\\', 'página ñ', 'a'.repeat(300)])
      expect((await seller.get(`/book/catalog?q=${encodeURIComponent(q)}&after=nonsense`)).status, q).to.equal(200)
    expect((await seller.get('/book/catalog?q=PAGED+auth')).text).to.contain('Paged')
  })

  it('are found by their words in each order, whether every second has the word or a few old ones far behind', async () => {
    const seller = await newcomer(site.origin)
    const user = (await server.query('select max(id) as id from bookstore.user'))[0]?.['id']
    await server.query('set session cte_max_recursion_depth = 20000')
    // the first fifty have a word of their own; "often" is in every second, and inside of another word in the rest
    await server.query(
      `insert into bookstore.book (title, author, price, stock, seller_id, created_at)
       with recursive n (n) as (select 1 union all select n + 1 from n where n < 6000)
       select concat(if(n % 2 = 0, 'Often', 'Soften'), ' crowd', lpad(n * 37 % 6000, 4, '0'), if(n <= 50, ' Únicø', '')),
         'Author', n % 7 + 0.5, 1, ?, now() from n`,
      [user],
    )
    const pages = async (query: string, most: number): Promise<readonly string[]> => {
      const found: string[] = []
      let path: string | undefined = `/book/catalog?${query}`
      for (let count = 0; path !== undefined && count < most; count++) {
        const { text, status } = await seller.get(path)
        expect(status).to.equal(200)
        found.push(...[...text.matchAll(/<h2><a href="\/book\/\d+">(.*?)<\/a>/g)].map((match) => match[1] as string))
        path = /href="(\/book\/catalog[^"]*after=[^"]*)">More/.exec(text)?.[1]?.replaceAll('&amp;', '&')
      }
      return found
    }
    const ordered = { newest: 'id desc', title: 'title, id', cheapest: 'price, id' }
    for (const [sort, order] of Object.entries(ordered))
      for (const [q, condition, most] of [
        ['often', `title like 'Often%'`, 4],
        ['unic', `title like '% Únicø'`, 9],
        ['often crowd', `title like 'Often%'`, 2],
      ] as const) {
        const wanted = await server.query(`select title from bookstore.book where ${condition} order by ${order}`)
        const found = await pages(`q=${q}&sort=${sort}`, most)
        expect(found, `${q} by ${sort}`).to.deep.equal(wanted.slice(0, most * 24).map(({ title }) => title))
      }
    // to the very last page, where fewer are left than a page has
    expect(await pages('q=often', 1000)).to.have.length(3000)
  })
})
