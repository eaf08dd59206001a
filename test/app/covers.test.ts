import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
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
})
