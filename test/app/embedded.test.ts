import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { readConfig } from '../../app/config.ts'
import { newcomer, offer, sharedFolder, startInstance } from './site.ts'

describe('the bookstore without any database to set up', function () {
  this.timeout(180_000)
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

  it('starts by npm run dev and says which database it uses', async () => {
    const app = fileURLToPath(new URL('../../app/', import.meta.url))
    const child = spawn('npm', ['--prefix', app, 'run', 'dev'], {
      // npm starts whatever Node comes first
      env: {
        PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
        HOME: shared.path,
        PORT: '0',
        HOST: '127.0.0.1',
        SQLITE_FILE: join(shared.path, 'development.sqlite'),
        SHARED_FOLDER: shared.path,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      // a group of its own, since npm, the watching Node and the application are three processes
      detached: true,
    })
    try {
      const lines: string[] = []
      const port = await new Promise<number>((resolve, reject) => {
        child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${lines.join('\n')}`)))
        createInterface({ input: child.stdout }).on('line', (line) => {
          lines.push(line)
          const found = /"port":(\d+).*"msg":"listening"/.exec(line)?.[1]
          if (found !== undefined) resolve(Number(found))
        })
      })
      expect(lines.join('\n')).to.contain('an embedded SQLite database is used, which is for development only')
      expect((await fetch(`http://127.0.0.1:${port}/book/catalog`)).status).to.equal(200)
    } finally {
      child.removeAllListeners('exit')
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }
  })
})
