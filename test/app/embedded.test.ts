import { join } from 'node:path'
import { expect } from 'chai'
import { readConfig } from '../../app/config.ts'
import { newcomer, offer, sharedFolder, startInstance } from './site.ts'

describe('the bookstore without any database to set up', function () {
  this.timeout(60_000)
  const shared = sharedFolder()
  after(() => shared.remove())

  it('works from registering to the courier, and remembers it after a restart', async () => {
    const config = readConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'silent',
      SQLITE_FILE: join(shared.path, 'bookstore.sqlite'),
      SHARED_FOLDER: shared.path,
    })
    let site = await startInstance(config)
    try {
      const seller = await newcomer(() => site.origin)
      const buyer = await newcomer(() => site.origin)
      const book = await offer(seller, { title: 'Embedded', price: '0.10', stock: '3' })
      await buyer.get('/book/catalog?q=embed')
      const order = (await buyer.submit(`/buy/${book}`, { quantity: '3' })).location?.split('/').at(-1)
      await buyer.get(`/payment/${order}`)
      expect((await buyer.submit(`/payment/${order}`)).location).to.equal(`/delivery/${order}`)
      await buyer.get(`/delivery/${order}`)
      expect((await buyer.submit(`/delivery/${order}`)).status).to.equal(302)
      await site.stop()
      site = await startInstance(config)
      const page = await buyer.get(`/purchases/${order}`)
      expect(page.text).to.contain('$0.30').and.to.contain('DHL')
      expect((await buyer.get(`/book/${book}`)).text).to.contain('Not available')
      const metrics = await (await fetch(`${site.origin}/metrics`)).text()
      expect(metrics).to.match(/http_request_duration_seconds_count\{.*route="\/purchases\/:id".*\} 1/)
    } finally {
      await site.stop()
    }
  })
})
