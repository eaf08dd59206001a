import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import sharp from 'sharp'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { addCrowd, searchCrowd } from './crowd.ts'
import { configOf, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

type Json = Record<string, never>

describe('the JSON API', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  let site: Instance
  let document: { openapi: string; paths: Record<string, Record<string, Json>>; components: { schemas: object } }
  const shared = sharedFolder()
  const ajv = new Ajv2020({ strict: false, validateFormats: false })

  before(async () => {
    server = await startMysql()
    const config = configOf(server, { SHARED_FOLDER: shared.path })
    await prepare(config)
    site = await startInstance(config)
    document = (await (await fetch(`${site.origin}/api/v1/openapi.json`)).json()) as typeof document
  })
  after(async () => {
    await site?.stop()
    await server?.close()
    shared.remove()
  })

  /** Calls an operation and holds its answer against the document. */
  const call = async (
    method: string,
    path: string,
    options: { token?: string; body?: unknown; raw?: Uint8Array; type?: string; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; body: Record<string, never>; headers: Headers }> => {
    const type = options.type ?? (options.body === undefined ? undefined : 'application/json')
    const response = await fetch(`${site.origin}/api/v1${path}`, {
      method,
      headers: {
        'accept-language': 'en',
        ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
        ...(type !== undefined && { 'content-type': type }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.raw !== undefined && { body: options.raw as Uint8Array<ArrayBuffer> }),
    })
    const text = await response.text()
    const body = text === '' ? undefined : JSON.parse(text)
    const template = Object.keys(document.paths).find((each) =>
      new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0] as string),
    )
    const described = document.paths[template ?? '']?.[method.toLowerCase()]?.['responses'] as unknown as Record<
      string,
      Json
    >
    const answer = described?.[String(response.status)]
    expect(answer, `${method} ${path} answers ${response.status}, which the document does not name`).to.not.equal(
      undefined,
    )
    const content = Object.values((answer?.['content'] ?? {}) as Record<string, { schema: object }>)[0]
    if (content === undefined) expect(text).to.equal('')
    else {
      const valid = ajv.compile({ ...content.schema, components: document.components })
      expect(valid(body), `${method} ${path}: ${ajv.errorsText(valid.errors)} in ${text}`).to.equal(true)
    }
    return { status: response.status, body, headers: response.headers }
  }

  const newcomer = async (name: string): Promise<string> => {
    const email = `${name}@example.com`
    const password = 'correct horse battery'
    expect((await call('POST', '/users', { body: { name, email, password } })).status).to.equal(201)
    const { body } = await call('POST', '/tokens', { body: { email, password } })
    return String(body['token'])
  }

  it('is described by a document of OpenAPI 3.1 whose schemas can all be used, and by a page', async () => {
    expect(document.openapi).to.match(/^3\.1\./)
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const ids = operations.map((each) => each['operationId'])
    expect(new Set(ids).size).to.equal(ids.length).and.to.be.greaterThan(20)
    for (const [name, schema] of Object.entries(document.components.schemas))
      expect(() => ajv.compile({ ...schema, components: document.components }), name).to.not.throw()
    const page = await fetch(`${site.origin}/api/v1/docs`)
    expect(page.status).to.equal(200)
    expect(await page.text()).to.contain('POST /api/v1/orders')
  })

  it('goes from a token to the courier', async () => {
    const seller = await newcomer('seller')
    const buyer = await newcomer('buyer')
    const added = await call('POST', '/books', {
      token: seller,
      body: { title: 'By the API', author: 'Somebody', price: '10.10', stock: 5 },
    })
    expect(added.status).to.equal(201)
    const book = added.body['id']
    const picture = await sharp({ create: { width: 900, height: 1200, channels: 3, background: '#802010' } })
      .png()
      .toBuffer()
    expect(
      (await call('PUT', `/books/${book}/cover`, { token: seller, raw: picture, type: 'image/png' })).status,
    ).to.equal(204)
    const shown = await call('GET', `/books/${book}`)
    expect(shown.body).to.deep.include({ price: '10.10', stock: 5 })
    const cover = await fetch(site.origin + String(shown.body['cover']))
    expect([cover.status, cover.headers.get('content-type')]).to.deep.equal([200, 'image/webp'])

    const key = { 'idempotency-key': 'a-key-of-sixteen-or-more' }
    const order = { token: buyer, body: { book, quantity: 3 }, headers: key }
    const [first, second] = [await call('POST', '/orders', order), await call('POST', '/orders', order)]
    expect(first.status).to.equal(201)
    expect(second.body).to.deep.equal(first.body)
    const id = first.body['id']
    expect((await call('GET', `/books/${book}`)).body).to.deep.include({ stock: 2 })
    expect((await call('POST', `/orders/${id}/delivery`, { token: buyer, body: { provider: 1 } })).status).to.equal(409)
    for (const result of ['paid', 'already'])
      expect(
        (await call('POST', `/orders/${id}/payment`, { token: buyer, body: { method: 'Paypal' } })).body,
      ).to.deep.equal({ result })
    for (const result of ['assigned', 'already'])
      expect(
        (await call('POST', `/orders/${id}/delivery`, { token: buyer, body: { provider: 1 } })).body,
      ).to.deep.equal({ result })
    expect((await call('POST', `/sales/${id}/ship`, { token: seller })).status).to.equal(204)
    expect((await call('POST', `/orders/${id}/receive`, { token: buyer })).status).to.equal(204)
    expect((await call('GET', `/orders/${id}`, { token: buyer })).body).to.deep.include({
      status: 'Delivered',
      total_price: '30.30',
      unit_price: '10.10',
    })
    expect((await call('GET', '/orders', { token: buyer })).body['items']).to.have.length(1)
    expect((await call('GET', '/sales', { token: seller })).body['items']).to.have.length(1)
    expect((await call('GET', '/delivery-providers')).body).to.have.length(4)
  })

  it('refuses what is another’s, what is not right and who has no token', async () => {
    const owner = await newcomer('owner')
    const other = await newcomer('other')
    const good = { title: 'Owned', author: 'Somebody', price: 1, stock: 1 }
    const { body: made } = await call('POST', '/books', { token: owner, body: good })
    const path = `/books/${made['id']}`
    expect((await call('PUT', path, { token: other, body: good })).status).to.equal(403)
    expect((await call('DELETE', path, { token: other })).status).to.equal(403)
    expect((await call('PUT', path, { token: owner, body: { ...good, version: 7 } })).status).to.equal(409)
    expect((await call('PUT', path, { token: owner, body: { ...good, version: 1 } })).status).to.equal(204)
    expect((await call('POST', '/orders', { token: owner, body: { book: made['id'], quantity: 1 } })).status).to.equal(
      403,
    )
    const { body: order } = await call('POST', '/orders', { token: other, body: { book: made['id'], quantity: 1 } })
    for (const step of ['cancel', 'receive'])
      expect((await call('POST', `/orders/${order['id']}/${step}`, { token: owner })).status).to.equal(404)
    expect((await call('GET', `/orders/${order['id']}`, { token: owner })).status).to.equal(404)
    expect((await call('POST', '/orders', { token: other, body: { book: made['id'], quantity: 1 } })).status).to.equal(
      400,
    )

    for (const wrong of [
      { ...good, price: -1 },
      { ...good, price: '1.999' },
      { ...good, title: ' ' },
      { ...good, stock: 0.5 },
      [],
      null,
      'x',
    ]) {
      const { status } = await call('POST', '/books', { token: owner, body: wrong })
      expect(status, JSON.stringify(wrong)).to.be.oneOf([400, 422])
    }
    const { body: fault } = await call('POST', '/books', { token: owner, body: { ...good, price: 'much' } })
    expect(fault).to.deep.include({
      status: 422,
      fields: { price: 'An amount from 0 to 9999999.99 with at most two decimals.' },
    })
    expect(
      (await call('POST', '/books', { token: owner, raw: Buffer.from('{"title":'), type: 'application/json' })).status,
    ).to.equal(400)
    expect(
      (await call('POST', '/books', { token: owner, raw: Buffer.from('title=x'), type: 'text/plain' })).status,
    ).to.equal(415)

    expect((await call('GET', '/me')).status).to.equal(401)
    expect((await call('GET', '/users', { token: owner })).status).to.equal(403)
    expect(
      (await call('POST', '/tokens', { body: { email: 'owner@example.com', password: 'wrong' } })).status,
    ).to.equal(401)
    expect((await call('DELETE', '/tokens/current', { token: owner })).status).to.equal(204)
    expect((await call('GET', '/me', { token: owner })).status).to.equal(401)
  })

  it('does not take a browser’s session', async () => {
    const token = await newcomer('cookie')
    expect((await call('GET', '/me', { headers: { cookie: `session=${token}` } })).status).to.equal(401)
    expect((await call('GET', '/me', { token })).status).to.equal(200)
  })

  it('says among how many books it has looked where too many have a word, as the pages do', async () => {
    await addCrowd(server)
    const { status, body } = await call('GET', '/books?q=zebras&sort=title')
    expect([status, body['looked_through']]).to.deep.equal([200, 5000])
    expect((await call('GET', '/books?q=quaggas')).body).to.not.have.property('looked_through')
    await searchCrowd(site.origin)
  })
})
