import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { expect } from 'chai'
import { execa } from 'execa'
import { makeCertificates, type Certificates } from '../lab/databases/certificates.ts'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { openBrowser } from './browser.ts'
import { newcomer, offer, sharedFolder } from './site.ts'

const program = (name: string): string => fileURLToPath(new URL(`../../app/${name}`, import.meta.url))

/** As in production: a server that wants TLS, with certificates of an authority of its own, and a password in Secrets Manager. */
describe('the bookstore and the secrets of its database', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  let emulator: Emulator
  let secrets: SecretsManagerClient
  let right: Certificates
  let other: Certificates
  let arn: string
  const shared = sharedFolder()
  const running: ChildProcess[] = []

  before(async () => {
    right = await makeCertificates('localhost')
    other = await makeCertificates('localhost')
    ;[server, emulator] = await Promise.all([startMysql({ options: right.options }), startEmulator()])
    const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = emulator.env
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' }
    secrets = new SecretsManagerClient({ endpoint, region, credentials })
    await server.query(`create user shop@'%' identified by 'the first password'`)
    await server.query(`grant all on bookstore.* to shop@'%'`)
    // as RDS writes it
    const SecretString = JSON.stringify({ username: 'shop', password: 'the first password' })
    const made = await secrets.send(new CreateSecretCommand({ Name: 'rds!cluster-lab', SecretString }))
    arn = made.ARN ?? ''
  })
  after(async () => {
    for (const child of running) {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
    secrets?.destroy()
    await emulator?.close()
    await server?.close()
    for (const each of [right, other]) if (each !== undefined) rmSync(each.folder, { recursive: true })
    shared.remove()
  })

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    ...emulator.env,
    NODE_ENV: 'production',
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_HOST: 'localhost',
    DATABASE_PORT: String(server.port),
    DATABASE_USER: 'shop',
    DATABASE_SECRET: arn,
    DATABASE_TLS_CA: right.ca,
    DATABASE_PATIENCE: '30',
    SETUP_PATIENCE: '20',
    SECRET_KEY_SECRET: arn,
    SHARED_FOLDER: shared.path,
    STOP_DELAY: '0',
    ...more,
  })
  const setup = async (more: Record<string, string> = {}): Promise<string> => {
    const done = await execa(process.execPath, [program('bookstore.ts'), 'setup'], {
      env: env(more),
      extendEnv: false,
      reject: false,
      all: true,
    })
    return `${done.exitCode} ${done.all}`
  }
  const launch = async (more: Record<string, string> = {}): Promise<{ origin: string; lines: string[] }> => {
    const child = spawn(process.execPath, [program('server.ts')], {
      env: env(more),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.push(child)
    const lines: string[] = []
    const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    const origin = await new Promise<string>((resolve, reject) => {
      reader.on('line', (line) => {
        lines.push(line)
        const { msg, port } = JSON.parse(line) as { msg?: string; port?: number }
        if (msg === 'listening') resolve(`http://127.0.0.1:${port}`)
      })
      child.once('exit', (code) => reject(new Error(`the application ended with ${code}`)))
    })
    return { origin, lines }
  }

  // the application itself, without a secret of another service
  const own = {
    DATABASE_PATIENCE: '1',
    SECRET_KEY_SECRET: '',
    SECRET_KEY: 'an7Xq2Lw9Zr4Tb6Yc8Vd1Ne3Mf5Kg0Hj',
  }

  it('sets up the database over TLS with the password of the secret, and refuses a server it cannot trust', async () => {
    expect(await setup({ DATABASE_TLS_CA: other.ca })).to.match(
      /^1 .*cannot be reached: .*certificate.*DATABASE_TLS and DATABASE_TLS_CA say/s,
    )
    expect(await setup({ DATABASE_TLS_CA: '', DATABASE_TLS: 'rds' })).to.match(/^1 .*cannot be reached: .*certificate/s)
    expect(await setup({ DATABASE_TLS_CA: '', DATABASE_TLS: 'off' })).to.match(
      /^1 .*cannot be reached: .*insecure transport.*DATABASE_TLS=rds or system encrypts/s,
    )
    // the right authority, but a name that is not in the certificate
    for (const statement of right.show('elsewhere')) await server.query(statement)
    expect(await setup()).to.match(/^1 .*cannot be reached: .*altnames.*DNS:elsewhere\.test.*DATABASE_TLS_NAME=any/s)
    const { lines } = await launch(own)
    for (let left = 300; left > 0 && !lines.some((line) => line.includes('cannot be trusted')); left--) await sleep(100)
    expect(lines.find((line) => line.includes('cannot be trusted'))).to.contain('DATABASE_TLS_NAME=any')
    expect(await setup({ DATABASE_TLS_NAME: 'any' })).to.match(/^0 /)
    for (const statement of right.show('server')) await server.query(statement)
    expect(await setup()).to.match(/^0 .*the database is set up/s)
    const ciphers = await server.query(
      `select count(*) as plain from performance_schema.status_by_thread s join performance_schema.threads t using (thread_id)
       where t.processlist_user = 'shop' and s.variable_name = 'Ssl_cipher' and s.variable_value = ''`,
    )
    expect(ciphers).to.deep.equal([{ plain: 0 }])
  })

  it('answers 503 where the server cannot be trusted, and says why in its log', async () => {
    const { origin, lines } = await launch({ ...own, DATABASE_TLS_CA: other.ca })
    expect((await fetch(`${origin}/readyz`)).status).to.equal(503)
    expect((await fetch(`${origin}/book/catalog`)).status).to.equal(503)
    expect(lines.join('\n')).to.match(/self-signed certificate.*DATABASE_TLS_CA say/)
  })

  it('goes on when the password is rotated, with forms and sessions signed before and after it', async () => {
    const early = await launch()
    const seller = await newcomer(early.origin)
    expect(await offer(seller, { title: 'Before' })).to.be.greaterThan(0)
    const before = (await seller.get('/book/add_book')).forms.find((each) => each.multipart)?.fields ?? {}

    await server.query(`alter user shop@'%' identified by 'the second password'`)
    const open = await server.query(`select id from information_schema.processlist where user = 'shop'`)
    for (const { id, ID } of open) await server.query(`kill ${Number(id ?? ID)}`).catch(() => undefined)
    // between the server’s new password and the secret’s nobody is turned away
    const waiting = openBrowser(early.origin).get('/book/catalog')
    await sleep(1500)
    const SecretString = JSON.stringify({ username: 'shop', password: 'the second password' })
    await secrets.send(new PutSecretValueCommand({ SecretId: arn, SecretString }))
    expect((await waiting).status).to.equal(200)

    // one that starts now signs with what is derived from the new one
    const late = await launch()
    const there = openBrowser(late.origin)
    for (const [name, value] of seller.cookies) there.cookies.set(name, value)
    const send = async (browser: typeof there, fields: Readonly<Record<string, string>>): Promise<number> =>
      (await browser.post('/language', { ...fields, language: 'en' })).status
    expect(await send(there, { _csrf: before['_csrf'] ?? '' })).to.equal(302)
    const after = (await there.get('/book/add_book')).forms.find((each) => each.multipart)?.fields ?? {}
    expect(after['_csrf']).not.to.equal(before['_csrf'])
    // the early one has not asked for the secret for a while
    let status = 0
    for (let left = 100; left > 0 && status !== 302; left--) {
      status = await send(seller, { _csrf: after['_csrf'] ?? '' })
      if (status !== 302) await sleep(300)
    }
    expect(status).to.equal(302)
    expect(await offer(seller, { title: 'After' })).to.be.greaterThan(0)
    expect(running.map(({ exitCode }) => exitCode)).to.deep.equal(running.map(() => null))
    expect([...early.lines, ...late.lines].join('\n')).not.to.match(/the (first|second) password/)
  })
})
