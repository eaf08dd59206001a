import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { execa } from 'execa'
import { createConnection, type Connection } from 'mysql2/promise'
import sharp from 'sharp'
import { composer } from '../lab/compose.ts'
import { mysqlImage } from '../lab/databases/image.ts'
import { freePort } from '../lab/free-port.ts'
import { imported, missingParts, startEngine, type Engine } from '../lab/docker.ts'
import { nodeImage } from '../lab/images.ts'
import { newcomer, offer, sharedFolder } from './site.ts'

const inApp = (name: string): string => fileURLToPath(new URL(`../../app/${name}`, import.meta.url))
type Compose = Awaited<ReturnType<typeof composer>>

/** Both files for Compose: the databases of a developer, and on them the image as it is deployed, built from the lock file. */
describe('the containers of the bookstore', function () {
  this.timeout(15 * 60_000)
  let engine: Engine
  let databases: Compose
  let shop: Compose
  let origin: string
  const servers: Record<'writer' | 'reader', Connection | undefined> = { writer: undefined, reader: undefined }
  const shared = sharedFolder()
  const at = (name: string): string => join(shared.path, name)

  before(async () => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    engine = await startEngine()
    const [image] = await Promise.all([build(engine), mysqlImage(engine, 'mysql:8.4')])
    mkdirSync(at('covers'))
    chmodSync(shared.path, 0o755)
    chownSync(at('covers'), 1000, 1000)
    const ports = { writer: await freePort(), reader: await freePort(), web: await freePort() }
    const name = `bookstore-dev-${process.pid}`
    databases = await composer(engine, {
      name,
      files: [inApp('compose.dev.yml')],
      env: { WRITER_PORT: String(ports.writer), READER_PORT: String(ports.reader) },
    })
    const settings = [
      ['DATABASE_HOST', 'writer'],
      ['DATABASE_READER_HOST', 'reader'],
      ['DATABASE_PASSWORD', 'bookstore'],
      ['SECRET_KEY', 'an7Xq2Lw9Zr4Tb6Yc8Vd1Ne3Mf5Kg0Hj'],
      ['LIMIT_LOGINS_PER_MINUTE', '1000'],
    ]
    writeFileSync(at('settings'), settings.map(([key, value]) => `${key}=${value}\n`).join(''))
    writeFileSync(at('network.yml'), `networks: { default: { external: true, name: ${name}_default } }\n`)
    shop = await composer(engine, {
      name: `bookstore-${process.pid}`,
      files: [inApp('compose.yml'), at('network.yml')],
      env: {
        BOOKSTORE_IMAGE: image,
        BOOKSTORE_SETTINGS: at('settings'),
        BOOKSTORE_SHARED: shared.path,
        BOOKSTORE_PORT: `127.0.0.1:${ports.web}`,
      },
    })
    origin = `http://127.0.0.1:${ports.web}`
    await databases('up', '--detach', '--wait', '--wait-timeout', '600')
    for (const server of ['writer', 'reader'] as const)
      servers[server] = await createConnection({
        host: '127.0.0.1',
        port: ports[server],
        user: 'root',
        password: 'bookstore',
      })
  })
  after(async () => {
    for (const server of Object.values(servers)) server?.destroy()
    await shop?.('down', '--timeout', '1', '--volumes')
    await databases?.('down', '--timeout', '1', '--volumes')
    shared.remove()
  })

  /** How many statements of a kind a server has run for the bookstore, by its own count. */
  const count = async (server: 'writer' | 'reader', kind: string): Promise<number> => {
    const sql = `select cast(coalesce(sum(count_star), 0) as signed) as run from performance_schema.events_statements_summary_by_digest
      where schema_name = 'bookstore' and digest_text like ?`
    const [rows] = await (servers[server] as Connection).query(sql, [kind])
    return (rows as { run: number }[])[0]?.run ?? -1
  }
  const shopContainer = async (): Promise<string> => await shop('ps', '--all', '--quiet', 'web')
  const state = async (what: string): Promise<string> =>
    await engine.docker('inspect', '--format', `{{.State.${what}}}`, await shopContainer())

  it('are limited as production needs it: nothing to write to but covers, no privileges, and time to finish', async () => {
    const { services } = JSON.parse(await shop('--profile', 'setup', 'config', '--format', 'json')) as {
      services: Record<string, Record<string, unknown>>
    }
    for (const name of ['web', 'setup']) {
      const { read_only, cap_drop, security_opt, stop_grace_period, volumes } = services[name] ?? {}
      expect({ read_only, cap_drop, security_opt, stop_grace_period }).to.deep.equal({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        stop_grace_period: '40s',
      })
      const writable = (volumes as { target: string; read_only?: boolean }[]).filter((each) => !each.read_only)
      expect(writable.map(({ target }) => target)).to.deep.equal(['/app/shared/covers'])
    }
    expect([services['web']?.['restart'], services['setup']?.['restart']]).to.deep.equal(['unless-stopped', 'no'])
    expect(services['setup']?.['ports'] ?? []).to.deep.equal([])
  })

  it('are alive but not ready before setup, ready after it, healthy, and nobody special', async () => {
    await shop('up', '--detach', 'web')
    let alive = 0
    for (let left = 300; left > 0 && alive !== 200; left--) {
      await sleep(200)
      alive = await fetch(`${origin}/healthz`).then(
        ({ status }) => status,
        () => 0,
      )
    }
    expect([alive, (await fetch(`${origin}/readyz`)).status]).to.deep.equal([200, 503])
    expect(await shop('run', '--rm', '-T', 'setup')).to.contain('the database is set up')
    expect((await fetch(`${origin}/readyz`)).status).to.equal(200)
    expect(await shop('exec', '-T', 'web', 'id', '-u')).to.equal('1000')
    for (let left = 300; left > 0 && (await state('Health.Status')) !== 'healthy'; left--) await sleep(200)
    expect(await state('Health.Status')).to.equal('healthy')
  })

  it('write on the writer and read on the reader, which takes no writes', async () => {
    let status = ''
    for (let left = 600; left > 0 && status !== 'ok'; left--) {
      status = ((await (await fetch(`${origin}/readyz`)).json()) as { status: string }).status
      if (status !== 'ok') await sleep(200)
    }
    expect(status).to.equal('ok')
    const inserts = 'INSERT INTO `book` %'
    const seller = await newcomer(origin)
    await offer(seller, { title: 'Contained' })
    await seller.get('/book/add_book')
    const picture = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#345678' } })
      .png()
      .toBuffer()
    const values = { title: 'With a cover', author: 'A', price: '1', stock: '1' }
    const added = await seller.submit('/book/add_book', values, { name: 'cover.png', content: picture })
    expect(added.status).to.equal(302)
    expect(readdirSync(at('covers'))).to.have.length(1)
    expect([await count('writer', inserts), await count('reader', inserts)]).to.deep.equal([2, 0])

    const catalogue = 'SELECT `b0` %FROM `book` %'
    const before = [await count('writer', catalogue), await count('reader', catalogue)]
    let seen = 0
    // who is not known there sees what has arrived
    for (let left = 300; left > 0 && seen < 10; left--) {
      const page = await (await fetch(`${origin}/book/catalog`)).text()
      if (page.includes('With a cover')) seen += 1
      else await sleep(100)
    }
    expect(seen).to.equal(10)
    expect(await count('writer', catalogue)).to.equal(before[0])
    expect(await count('reader', catalogue)).to.be.at.least((before[1] ?? 0) + 10)
    const refused = servers.reader?.query('create database elsewhere').catch((error: Error) => error.message)
    expect(await refused).to.contain('super-read-only')
  })

  it('end when they are told to, and the application with success', async () => {
    const begun = performance.now()
    await shop('stop')
    expect(performance.now() - begun).to.be.lessThan(38_000)
    expect(await state('ExitCode')).to.equal('0')
  })
})

async function build(engine: Engine): Promise<string> {
  const image = 'bookstore-test:lab'
  const trust = 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
  const base = await imported(engine, await nodeImage(), 'bookstore-test-node', trust)
  const { stdout: registry } = await execa('npm', ['config', 'get', 'registry'])
  const args = [`NODE_IMAGE=${base}`, `NPM_CONFIG_REGISTRY=${registry}`].flatMap((each) => ['--build-arg', each])
  const words = ['-H', `unix://${engine.socket}`, 'build', '--network', 'host', '--tag', image, ...args, inApp('.')]
  await execa('docker', words, { env: { DOCKER_BUILDKIT: '0' } })
  return image
}
