import { expect } from 'chai'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { openBrowser, type Browser } from './browser.ts'
import { configOf, logIn, newcomer, offer, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

/** What the original could do, by the same addresses; the deviations are those that docs/bookstore.md lists. */
describe('the bookstore, as the original', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  let site: Instance
  const shared = sharedFolder()

  before(async () => {
    server = await startMysql()
    const config = configOf(server, { SHARED_FOLDER: shared.path })
    await prepare(config)
    site = await startInstance(config)
  })
  after(async () => {
    await site?.stop()
    await server?.close()
    shared.remove()
  })
  const rows = async (sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> => {
    return await server.query(sql, values)
  }

  it('answers at the same paths by the same methods, and by no others', async () => {
    const anybody = openBrowser(site.origin)
    for (const path of ['/', '/favicon.ico', '/static/favicon.ico', '/login', '/register', '/book/catalog'])
      expect((await anybody.get(path)).status, path).to.equal(200)
    const guarded = [
      '/logout',
      '/book/my_books',
      '/book/add_book',
      '/book/edit_book/1',
      '/payment/1',
      '/delivery/1',
      '/admin/users',
      '/purchases',
      '/sales',
    ]
    for (const path of guarded) {
      const { status, location } = await anybody.get(path)
      expect([status, location], path).to.deep.equal([302, `/login?next=${encodeURIComponent(path)}`])
    }
    for (const path of ['/login/', '/book/catalog/', '/payment/one', '/book/edit_book/1.5', '/payment/-1', '/nothing'])
      expect((await (await newcomer(site.origin)).get(path)).status, path).to.equal(404)
    const somebody = await newcomer(site.origin)
    for (const path of ['/buy/1', '/book/delete_book/1']) {
      const { status, headers } = await somebody.get(path)
      expect([status, headers.get('allow')], path).to.deep.equal([405, 'POST, OPTIONS'])
    }
    const head = await fetch(`${site.origin}/book/catalog`, { method: 'HEAD' })
    expect([head.status, await head.text()]).to.deep.equal([200, ''])
  })

  it('sends whoever is not logged in to the login page for a form, too, and from there to where he wanted to go', async () => {
    const browser = openBrowser(site.origin)
    await browser.get('/login')
    const form = await browser.submit('/login', { email: 'x' }).then(() => browser.get('/login'))
    const csrf = form.forms.find((each) => each.action === '/login')?.fields['_csrf'] ?? ''
    const sent = await browser.post('/buy/1', { _csrf: csrf, quantity: '1' })
    expect([sent.status, sent.location]).to.deep.equal([302, '/login?next=%2Fbook%2Fcatalog'])
    const { email } = await newcomer(site.origin)
    const wanted = await browser.get('/book/add_book')
    await browser.get(wanted.location as string)
    const page = await browser.submit('/login', { email, password: 'correct horse battery' })
    expect([page.status, page.location]).to.deep.equal([302, '/book/add_book'])
    for (const away of ['//evil.example', 'https://evil.example', '/\\evil.example', '\\\\evil.example']) {
      await browser.get(`/login?next=${encodeURIComponent(away)}`)
      expect((await browser.submit('/login', { email, password: 'correct horse battery' })).location).to.equal(
        '/book/catalog',
      )
    }
  })

  it('goes from registering to the courier, and the numbers are right', async () => {
    const seller = await newcomer(site.origin, 'Sara')
    const book = await offer(seller, { title: 'Cien años', author: 'García Márquez', price: '19.99', stock: '5' })
    expect((await seller.get('/book/catalog')).text)
      .to.contain('Cien años')
      .and.to.contain('$19.99')
    expect((await seller.get('/book/my_books')).text).to.contain('Cien años')

    const buyer = await newcomer(site.origin, 'Berta')
    await buyer.get('/book/catalog')
    const bought = await buyer.submit(`/buy/${book}`, { quantity: '2' })
    expect(bought.status).to.equal(302)
    const order = Number(/^\/payment\/(\d+)$/.exec(bought.location ?? '')?.[1])
    expect((await buyer.get(`/payment/${order}`)).text).to.contain('$39.98')
    const paid = await buyer.submit(`/payment/${order}`, { method: 'Paypal' })
    expect([paid.status, paid.location]).to.deep.equal([302, `/delivery/${order}`])
    const choices = await buyer.get(`/delivery/${order}`)
    expect(choices.text).to.contain('DHL - Internacional - $50.00').and.to.contain('Servientrega - Nacional - $15.00')
    const chosen = await buyer.submit(`/delivery/${order}`, { provider: '3' })
    expect([chosen.status, chosen.location]).to.deep.equal([302, '/book/catalog'])

    expect((await buyer.get('/book/catalog')).text).to.contain('3 available')
    expect(
      await rows('select status, quantity, total_price as total from bookstore.purchase where id = ?', [order]),
    ).to.deep.equal([{ status: 'Paid', quantity: 2, total: '39.98' }])
    expect(
      await rows('select amount, payment_method as method from bookstore.payment where purchase_id = ?', [order]),
    ).to.deep.equal([{ amount: '39.98', method: 'Paypal' }])
    expect(
      await rows('select provider_id as provider, cost from bookstore.delivery_assignment where purchase_id = ?', [
        order,
      ]),
    ).to.deep.equal([{ provider: 3, cost: '20.00' }])
  })

  it('lets only the owner edit and delete: 403 for others, 404 where nothing is', async () => {
    const owner = await newcomer(site.origin)
    const other = await newcomer(site.origin)
    const book = await offer(owner, { title: 'Mine' })
    const csrf = (await other.get('/book/add_book')).forms[0]?.fields['_csrf'] ?? ''
    const fields = { _csrf: csrf, title: 'Stolen', author: 'x', description: '', price: '1', stock: '1' }
    for (const [id, status] of [
      [book, 403],
      [999_999, 404],
    ] as const) {
      expect((await other.get(`/book/edit_book/${id}`)).status).to.equal(status)
      expect((await other.post(`/book/edit_book/${id}`, fields)).status).to.equal(status)
      expect((await other.post(`/book/delete_book/${id}`, { _csrf: csrf })).status).to.equal(status)
    }
    await owner.get(`/book/edit_book/${book}`)
    const edited = await owner.submit(`/book/edit_book/${book}`, { title: 'Mine, second edition', price: '7.5' })
    expect([edited.status, edited.location]).to.deep.equal([302, '/book/catalog'])
    expect((await owner.get(`/book/${book}`)).text)
      .to.contain('Mine, second edition')
      .and.to.contain('$7.50')
    await owner.get('/book/my_books')
    expect((await owner.submit(`/book/delete_book/${book}`)).location).to.equal('/book/catalog')
    expect((await owner.get(`/book/${book}`)).status).to.equal(404)
    expect((await owner.get(`/book/edit_book/${book}`)).status).to.equal(404)
  })

  it('sells no more than there is: 400 and no change, and no form for what is sold out', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Rare one', stock: '1' })
    await buyer.get(`/book/${book}`)
    expect((await buyer.submit(`/buy/${book}`, { quantity: '2' })).status).to.equal(400)
    for (const quantity of ['0', '-5', '1.5', 'one', '', '1e9', '99999999999']) {
      await buyer.get(`/book/${book}`)
      expect((await buyer.submit(`/buy/${book}`, { quantity })).status, quantity).to.equal(400)
    }
    expect(await rows('select stock from bookstore.book where id = ?', [book])).to.deep.equal([{ stock: 1 }])
    await buyer.get(`/book/${book}`)
    expect((await buyer.submit(`/buy/${book}`)).status).to.equal(302)
    const page = await buyer.get(`/book/${book}`)
    expect(page.text).to.contain('Not available')
    expect(page.forms.map((form) => form.action)).not.to.contain(`/buy/${book}`)
    expect(
      (await buyer.post('/buy/999999', { _csrf: page.forms[0]?.fields['_csrf'] ?? '', quantity: '1' })).status,
    ).to.equal(404)
  })

  it('shows all users to administrators and to nobody else', async () => {
    const somebody = await newcomer(site.origin, 'Plain')
    expect((await somebody.get('/admin/users')).status).to.equal(403)
    const admin: Browser = openBrowser(site.origin)
    await logIn(admin, 'admin@example.com', 'the first administrator')
    const page = await admin.get('/admin/users')
    expect(page.status).to.equal(200)
    expect(page.text).to.contain('admin@example.com').and.to.contain(somebody.email)
  })
})
