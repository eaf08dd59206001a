import { expect } from 'chai'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { openBrowser } from './browser.ts'
import { configOf, logIn, newcomer, offer, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

describe('the bookstore, attacked', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  let site: Instance
  const shared = sharedFolder()

  before(async () => {
    server = await startMysql()
    const config = configOf(server, { SHARED_FOLDER: shared.path, TRUST_PROXY: '1' })
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

  it('takes no form without its token, with another’s, or from another site', async () => {
    const one = await newcomer(site.origin)
    const other = await newcomer(site.origin)
    const book = await offer(one, { title: 'Guarded' })
    const mine = (await other.get(`/book/${book}`)).forms[0]?.fields['_csrf'] ?? ''
    const theirs = (await one.get('/')).forms[0]?.fields['_csrf'] ?? ''
    for (const _csrf of ['', 'x', theirs])
      expect((await other.post(`/buy/${book}`, { _csrf, quantity: '1' })).status).to.equal(403)
    const foreign = await other.post(`/buy/${book}`, { _csrf: mine, quantity: '1' }, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).to.equal(403)
    const form = new FormData()
    form.set('quantity', '1')
    const cookie = [...other.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const multipart = await fetch(`${site.origin}/buy/${book}`, {
      method: 'POST',
      body: form,
      headers: { cookie },
      redirect: 'manual',
    })
    expect(multipart.status).to.equal(415)
    form.set('title', 'x')
    const add = await fetch(`${site.origin}/book/add_book`, {
      method: 'POST',
      body: form,
      headers: { cookie },
      redirect: 'manual',
    })
    expect(add.status).to.equal(403)
    expect(await rows('select count(*) as n from bookstore.purchase')).to.deep.equal([{ n: 0 }])
    expect((await other.post(`/buy/${book}`, { _csrf: mine, quantity: '1' })).status).to.equal(302)
  })

  it('shows nobody another’s order, and lets nobody pay, send or cancel it', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const thief = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Private' })
    await buyer.get(`/book/${book}`)
    const order = (await buyer.submit(`/buy/${book}`)).location?.split('/').at(-1)
    const _csrf = (await thief.get('/')).forms[0]?.fields['_csrf'] ?? ''
    for (const path of [`/payment/${order}`, `/delivery/${order}`, `/purchases/${order}`])
      expect((await thief.get(path)).status, path).to.equal(404)
    for (const path of [
      `/payment/${order}`,
      `/delivery/${order}`,
      `/purchases/${order}/cancel`,
      `/purchases/${order}/receive`,
      `/sales/${order}/ship`,
    ])
      expect((await thief.post(path, { _csrf, method: 'Paypal', provider: '1' })).status, path).to.equal(404)
    expect(await rows('select status from bookstore.purchase where id = ?', [order])).to.deep.equal([
      { status: 'Pending Payment' },
    ])
  })

  it('asks the price of the book, whatever the form says, and takes no invented method', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Priced', price: '99.95' })
    const _csrf = (await buyer.get(`/book/${book}`)).forms[0]?.fields['_csrf'] ?? ''
    const order = (await buyer.post(`/buy/${book}`, { _csrf, quantity: '1', price: '0.01' })).location
      ?.split('/')
      .at(-1)
    expect((await buyer.post(`/payment/${order}`, { _csrf, method: 'Seashells', amount: '0' })).status).to.equal(422)
    expect((await buyer.post(`/delivery/${order}`, { _csrf, provider: '1' })).status).to.equal(409)
    expect((await buyer.post(`/payment/${order}`, { _csrf, method: 'Credit Card', amount: '0' })).status).to.equal(302)
    expect(await rows('select amount from bookstore.payment where purchase_id = ?', [order])).to.deep.equal([
      { amount: '99.95' },
    ])
    const own = (await seller.get('/')).forms[0]?.fields['_csrf'] ?? ''
    expect((await seller.post(`/buy/${book}`, { _csrf: own, quantity: '1' })).status).to.equal(403)
  })

  it('does once what is sent twice, also at the same moment', async () => {
    const seller = await newcomer(site.origin)
    const buyer = await newcomer(site.origin)
    const book = await offer(seller, { title: 'Doubled', stock: '10' })
    const form = (await buyer.get(`/book/${book}`)).forms.find((each) => each.action === `/buy/${book}`)
    const sent = await Promise.all(Array.from({ length: 5 }, () => buyer.post(`/buy/${book}`, form?.fields ?? {})))
    expect(new Set(sent.map(({ status, location }) => `${status} ${location}`)).size).to.equal(1)
    const order = sent[0]?.location?.split('/').at(-1)
    expect(await rows('select stock from bookstore.book where id = ?', [book])).to.deep.equal([{ stock: 9 }])
    const _csrf = form?.fields['_csrf'] ?? ''
    const paid = await Promise.all(
      Array.from({ length: 5 }, () => buyer.post(`/payment/${order}`, { _csrf, method: 'Paypal' })),
    )
    expect(paid.map(({ status }) => status)).to.deep.equal([302, 302, 302, 302, 302])
    const chosen = await Promise.all(
      [1, 2, 3].map((provider) => buyer.post(`/delivery/${order}`, { _csrf, provider: String(provider) })),
    )
    expect(chosen.map(({ status }) => status)).to.deep.equal([302, 302, 302])
    expect(await rows('select count(*) as n from bookstore.payment where purchase_id = ?', [order])).to.deep.equal([
      { n: 1 },
    ])
    expect(
      await rows('select count(*) as n from bookstore.delivery_assignment where purchase_id = ?', [order]),
    ).to.deep.equal([{ n: 1 }])
  })

  it('escapes what people type, and says 422 beside the field for what cannot be right', async () => {
    const seller = await newcomer(site.origin)
    const nasty = '<script>alert("1")</script>'
    await seller.get('/book/add_book')
    await seller.submit('/book/add_book', { title: nasty, author: nasty, description: nasty, price: '1', stock: '1' })
    for (const path of ['/book/catalog', '/book/my_books', `/book/catalog?q=${encodeURIComponent(nasty)}`]) {
      const { text } = await seller.get(path)
      expect(text, path).not.to.contain('<script>')
      expect(text, path).to.contain('&lt;script&gt;')
    }
    const wrong = [
      { title: '' },
      { title: 'x'.repeat(151) },
      { price: '-1' },
      { price: 'inf' },
      { price: '1.999' },
      { price: '' },
      { stock: '-1' },
      { stock: '1.5' },
      { title: 'a\u0000b' },
    ]
    for (const values of wrong) {
      await seller.get('/book/add_book')
      const page = await seller.submit('/book/add_book', { title: 'T', author: 'A', price: '1', stock: '1', ...values })
      expect(page.status, JSON.stringify(values)).to.equal(422)
      expect(page.text).to.contain(`id="fault-${Object.keys(values)[0]}"`)
    }
    const anybody = openBrowser(site.origin)
    for (const values of [{ email: 'nobody' }, { password: 'short' }, { name: '' }]) {
      await anybody.get('/register')
      const all = { name: 'N', email: 'n@example.com', password: 'long enough it is', ...values }
      expect((await anybody.submit('/register', all)).status).to.equal(422)
    }
    await anybody.get('/register')
    const taken = { name: 'N', email: seller.email.toUpperCase(), password: 'long enough it is' }
    expect((await anybody.submit('/register', taken)).status).to.equal(409)
  })

  it('slows down guessing, for an account as for an address', async () => {
    const { email } = await newcomer(site.origin)
    const strict = await startInstance(
      configOf(server, { SHARED_FOLDER: shared.path, LIMIT_LOGINS_PER_MINUTE: '3', TRUST_PROXY: '1' }),
    )
    const second = await startInstance(
      configOf(server, { SHARED_FOLDER: shared.path, LIMIT_LOGINS_PER_MINUTE: '3', TRUST_PROXY: '1' }),
    )
    try {
      const seen: number[] = []
      for (const { origin } of [strict, second, strict, second, strict, second]) {
        const browser = openBrowser(origin)
        const form = (await browser.get('/login')).forms.find((each) => each.action === '/login')?.fields
        // an address of its own: the one of all tests has been used often in this minute
        const headers = { 'x-forwarded-for': '203.0.113.9' }
        seen.push((await browser.post('/login', { ...form, email, password: 'wrong' }, headers)).status)
      }
      // a minute may have begun in between
      expect(seen.filter((status) => status === 429).length).to.be.greaterThan(0)
      expect(seen[0]).to.equal(401)
    } finally {
      await strict.stop()
      await second.stop()
    }
  })

  it('begins a new session at each login and ends it on the server at logout', async () => {
    const somebody = await newcomer(site.origin)
    const first = somebody.cookies.get('session') ?? ''
    await logIn(somebody, somebody.email, 'correct horse battery')
    const second = somebody.cookies.get('session') ?? ''
    expect(second).not.to.equal(first)
    await somebody.get('/book/catalog')
    expect((await somebody.submit('/logout')).location).to.equal('/login')
    somebody.cookies.set('session', second)
    expect((await somebody.get('/book/my_books')).status).to.equal(302)
    const stored = await rows('select digest from bookstore.session')
    expect(JSON.stringify(stored)).not.to.contain(first)
    const hashes = await rows('select password from bookstore.user limit 1')
    expect(String(hashes[0]?.['password'])).to.match(/^\$argon2id\$/)
  })

  it('tells browsers to be careful, and marks cookies as secure where the proxy says that it is', async () => {
    const response = await fetch(`${site.origin}/login`, { headers: { 'x-forwarded-proto': 'https' } })
    expect(response.headers.get('content-security-policy')).to.equal(
      "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    )
    expect(response.headers.get('x-content-type-options')).to.equal('nosniff')
    expect(response.headers.get('strict-transport-security')).to.contain('max-age=')
    expect(response.headers.get('x-powered-by')).to.equal(null)
    const [cookie] = response.headers.getSetCookie()
    expect(cookie).to.match(/^__Host-visitor=.*; Path=\/;.*HttpOnly; Secure; SameSite=Lax$/)
    const plain = await fetch(`${site.origin}/login`)
    expect(plain.headers.getSetCookie()[0]).to.match(/^visitor=/)
  })

  it('speaks English and Spanish, and remembers which', async () => {
    const browser = openBrowser(site.origin, 'fr')
    expect((await browser.get('/')).text)
      .to.contain('lang="es"')
      .and.to.contain('Catálogo')
    const changed = await browser.submit('/language', { language: 'en' })
    expect([changed.status, changed.location]).to.deep.equal([302, '/'])
    expect((await browser.get('/')).text)
      .to.contain('lang="en"')
      .and.to.contain('Catalogue')
    expect((await openBrowser(site.origin, 'en-GB,en;q=0.8').get('/nothing')).text).to.contain(
      'There is nothing at this address.',
    )
  })
})
