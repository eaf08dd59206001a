import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { sendBig } from './big-body.ts'
import { configOf, newcomer, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

describe('covers of the bookstore', function () {
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

  it('are pictures drawn anew, and nothing else is taken', async () => {
    const seller = await newcomer(site.origin)
    const add = async (content: Uint8Array, name = 'cover.png'): Promise<number> => {
      await seller.get('/book/add_book')
      const values = { title: `Covered ${name}`, author: 'A', price: '1', stock: '1' }
      return (await seller.submit('/book/add_book', values, { name, content })).status
    }
    const picture = await sharp({ create: { width: 2000, height: 3000, channels: 3, background: '#123456' } })
      .withExif({ IFD0: { Copyright: 'a secret place' } })
      .jpeg()
      .toBuffer()
    expect(await add(picture, '../../../../etc/passwd')).to.equal(302)
    const [name] = readdirSync(join(shared.path, 'covers'))
    expect(name).to.match(/^[0-9a-f]{32}\.webp$/)
    const cover = await fetch(`${site.origin}/covers/${name}`)
    const bytes = Buffer.from(await cover.arrayBuffer())
    const { width, height, format, exif } = await sharp(bytes).metadata()
    expect({ width, height, format, exif }).to.deep.equal({ width: 480, height: 720, format: 'webp', exif: undefined })
    // a picture that is a page as well: what is behind it is not in what is served
    const polyglot = Buffer.concat([picture, Buffer.from('<html><script>alert(1)</script>')])
    expect(await add(polyglot, 'both.jpg.html')).to.be.oneOf([302, 422])
    for (const file of readdirSync(join(shared.path, 'covers'))) {
      const content = Buffer.from(await (await fetch(`${site.origin}/covers/${file}`)).arrayBuffer())
      expect(content.includes('<script>')).to.equal(false)
    }
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
    )
    for (const content of [
      svg,
      Buffer.from('GIF89a'),
      Buffer.from('<html>'),
      picture.subarray(0, 2000),
      Buffer.from('%PDF-1.4'),
    ])
      expect(await add(content)).to.equal(422)
    expect(await add(Buffer.alloc(6 * 1024 * 1024, 1))).to.equal(413)
    for (const path of [
      '/covers/../../package.json',
      '/covers/%2e%2e%2fconfig.ts',
      '/static/../config.ts',
      '/static/secret.txt',
      '/assets/../config.ts',
      '/covers/.hidden',
    ])
      expect((await fetch(site.origin + path)).status, path).to.equal(404)
  })

  it('are refused at 100 MB before they are read, in bounded memory, and the answer arrives', async () => {
    const seller = await newcomer(site.origin)
    const size = 100 * 1024 * 1024
    const cookie = `Cookie: ${[...seller.cookies].map(([name, value]) => `${name}=${value}`).join('; ')}`
    const multipart = 'Content-Type: multipart/form-data; boundary=line'
    const start = '--line\r\nContent-Disposition: form-data; name="cover"; filename="a.png"\r\n\r\n'
    const form = [cookie, multipart]
    const login = await fetch(`${site.origin}/api/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: seller.email, password: 'correct horse battery' }),
    })
    const { token } = (await login.json()) as { token: string }
    const api = [`Authorization: Bearer ${token}`, 'Content-Type: image/png']
    const add = 'POST /book/add_book'
    const put = 'PUT /api/v1/books/1/cover'
    const known = await Promise.all([
      sendBig(site.origin, add, form, size),
      sendBig(site.origin, put, api, size),
      sendBig(site.origin, 'POST /nothing', [], size),
    ])
    const asked = await sendBig(site.origin, add, [...form, 'Expect: 100-continue'], size)
    // of an unknown length: as much as a picture may have is read, and what is on its way then
    const unknown = await Promise.all([
      sendBig(site.origin, add, form, size, { chunked: true, start }),
      sendBig(site.origin, put, api, size, { chunked: true }),
    ])
    for (const { status, head, sent } of [...known, asked, ...unknown]) {
      expect(status, head).to.equal(413)
      expect(head).to.match(/^connection: close$/im)
      expect(sent).to.be.lessThan(32 * 1024 * 1024)
    }
    expect(asked.sent).to.equal(0)
    expect(known[1]?.body).to.contain('"status":413')
    // answered before it was looked who asks: no form of this page would be taken, and he may be logged in
    expect(known[0]?.body).to.contain('5 MB')
    expect(known[0]?.body).to.not.match(/<form|"\/login/)

    // who does not listen until he has sent all of it is answered, too
    let peak = 0
    const before = process.memoryUsage().rss
    const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20)
    const stubborn = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        sendBig(site.origin, add, form, size, { stubborn: true, start, chunked: index % 2 === 0 }),
      ),
    )
    clearInterval(look)
    expect(stubborn.map(({ status }) => status)).to.deep.equal(stubborn.map(() => 413))
    // all of it would be 400 MB
    expect((peak - before) / 1024 / 1024).to.be.lessThan(250)
    expect(
      await server.query(
        'select count(*) as n from bookstore.book where seller_id = (select id from bookstore.user where email = ?)',
        [seller.email],
      ),
    ).to.deep.equal([{ n: 0 }])
    // small ones go on as ever: of unknown length, and one whose sender asks first
    const picture = await sharp({ create: { width: 30, height: 40, channels: 3, background: '#123456' } })
      .png()
      .toBuffer()
    const fields = (await seller.get('/book/add_book')).forms.find((each) => each.multipart)?.fields ?? {}
    const filled = new FormData()
    for (const [name, value] of Object.entries({ ...fields, title: 'Piecemeal', author: 'A', price: '1', stock: '1' }))
      filled.set(name, value)
    filled.set('cover', new Blob([picture as Uint8Array<ArrayBuffer>]), 'a.png')
    const encoded = new Response(filled)
    const added = await fetch(`${site.origin}/book/add_book`, {
      method: 'POST',
      body: encoded.body,
      duplex: 'half',
      redirect: 'manual',
      headers: { cookie: cookie.slice('Cookie: '.length), 'content-type': encoded.headers.get('content-type') ?? '' },
    } as RequestInit)
    expect(added.status).to.equal(302)
    expect(
      await server.query(`select cover is null as bare from bookstore.book where title = 'Piecemeal'`),
    ).to.deep.equal([{ bare: 0 }])
    const small = await sendBig(
      site.origin,
      'POST /login',
      ['Content-Type: application/x-www-form-urlencoded', 'Expect: 100-continue', 'Connection: close'],
      10,
    )
    expect(small.status).to.equal(403)
    expect(small.sent).to.equal(10)
  })
})
