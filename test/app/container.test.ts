import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { execa } from 'execa'
import sharp from 'sharp'
import { freePort } from '../lab/free-port.ts'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { imported, missingParts, startEngine, type Engine } from '../lab/docker.ts'
import { nodeImage } from '../lab/images.ts'
import { newcomer, offer, sharedFolder } from './site.ts'

/** The image as it is deployed: built from the lock file, without privileges, on a root file system that cannot be written. */
describe('the container of the bookstore', function () {
  this.timeout(15 * 60_000)
  let engine: Engine
  let server: Mysql
  const shared = sharedFolder()
  const image = 'bookstore-test:lab'
  const names: string[] = []

  before(async () => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    ;[engine, server] = await Promise.all([startEngine(), startMysql()])
    const trust = 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
    const base = await imported(engine, await nodeImage(), 'bookstore-test-node', trust)
    const { stdout: registry } = await execa('npm', ['config', 'get', 'registry'])
    const folder = fileURLToPath(new URL('../../app/', import.meta.url))
    const args = [`NODE_IMAGE=${base}`, `NPM_CONFIG_REGISTRY=${registry}`].flatMap((each) => ['--build-arg', each])
    await execa(
      'docker',
      ['-H', `unix://${engine.socket}`, 'build', '--network', 'host', '--tag', image, ...args, folder],
      {
        env: { DOCKER_BUILDKIT: '0' },
      },
    )
    mkdirSync(join(shared.path, 'covers'))
    chmodSync(shared.path, 0o755)
    chownSync(join(shared.path, 'covers'), 1000, 1000)
  })
  after(async () => {
    for (const name of names) await engine.docker('rm', '--force', name).catch(() => '')
    await server?.close()
    shared.remove()
  })

  const run = async (name: string, port: number, ...words: readonly string[]): Promise<string> => {
    names.push(name)
    const env = {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(server.port),
      DATABASE_USER: server.user,
      DATABASE_PASSWORD: server.password,
      SECRET_KEY: 'an7Xq2Lw9Zr4Tb6Yc8Vd1Ne3Mf5Kg0Hj',
      LIMIT_LOGINS_PER_MINUTE: '1000',
    }
    const mounts = [`${shared.path}:/app/shared:ro`, `${shared.path}/covers:/app/shared/covers`]
    return await engine.docker(
      'run',
      '--name',
      name,
      '--network',
      'host',
      '--read-only',
      '--tmpfs',
      '/tmp',
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ...mounts.flatMap((mount) => ['--volume', mount]),
      ...(words.length === 0 ? ['--detach', image] : ['--rm', image, ...words]),
    )
  }

  it('is alive but not ready before setup, ready after it, healthy, and nobody special', async () => {
    const port = await freePort()
    const web = `bookstore-web-${process.pid}`
    await run(web, port)
    const origin = `http://127.0.0.1:${port}`
    let alive = 0
    for (let left = 150; left > 0 && alive !== 200; left--) {
      await sleep(200)
      alive = await fetch(`${origin}/healthz`).then(
        ({ status }) => status,
        () => 0,
      )
    }
    expect([alive, (await fetch(`${origin}/readyz`)).status]).to.deep.equal([200, 503])
    expect(await run(`bookstore-setup-${process.pid}`, port, 'node', 'bookstore.ts', 'setup')).to.contain(
      'the database is set up',
    )
    expect((await fetch(`${origin}/readyz`)).status).to.equal(200)
    expect(await engine.docker('exec', web, 'id', '-u')).to.equal('1000')
    for (let left = 100; left > 0; left--) {
      if ((await engine.docker('inspect', '--format', '{{.State.Health.Status}}', web)) === 'healthy') break
      await sleep(200)
    }
    expect(await engine.docker('inspect', '--format', '{{.State.Health.Status}}', web)).to.equal('healthy')

    const seller = await newcomer(origin)
    const picture = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#345678' } })
      .png()
      .toBuffer()
    await offer(seller, { title: 'Contained' })
    await seller.get('/book/add_book')
    const values = { title: 'With a cover', author: 'A', price: '1', stock: '1' }
    expect((await seller.submit('/book/add_book', values, { name: 'cover.png', content: picture })).status).to.equal(
      302,
    )
    expect(readdirSync(join(shared.path, 'covers'))).to.have.length(1)

    const begun = performance.now()
    await engine.docker('stop', '--time', '40', web)
    expect(performance.now() - begun).to.be.lessThan(30_000)
    expect(await engine.docker('inspect', '--format', '{{.State.ExitCode}}', web)).to.equal('0')
  })
})
