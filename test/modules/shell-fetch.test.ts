import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import type { Connection, Step } from '../../runner/connections/connection.ts'
import { localTransport } from '../../runner/connections/local.ts'
import type { HostModule } from '../../runner/modules/module.ts'
import { module as download } from '../../runner/modules/system/download/module.ts'
import { module as http } from '../../runner/modules/system/http/module.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { Secret } from '../../runner/secret.ts'
import { commandLines, failing } from '../connections/watching.ts'
import { giveBig, partArrived, type Big } from './broken-off.ts'
import { carryOut, look } from './shell-round.ts'

interface Asked {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Where the program itself is; a name in PATH may be one that only finds it. */
const finding = {
  curl: 'command -v curl',
  wget: 'command -v wget',
  python3: 'python3 -c "import sys; print(sys.executable)"',
}

for (const [program, command] of Object.entries(finding)) {
  const path = execFileSync('sh', ['-c', `${command} || true`], { encoding: 'utf8' }).trim()
  if (path === '') continue
  describe(`what a host fetches, by ${program} alone`, () => {
    let folder: string
    let connection: Connection
    let server: Server
    let address: string
    let asked: Asked[]
    let seen: Set<string>
    let watching: NodeJS.Timeout
    let big: Big
    const token = "tok\"en \\ $(id) 'quoted'"

    /** Begins to fetch, and is stopped when half of it has come. */
    const stopped = async (want: Values): Promise<void> => {
      big.fate = ['stuck']
      const module = within(download)
      const { have, change } = await look(connection, module, want)
      const stop = new AbortController()
      const running = failing(connection.run(module.steps(want, have, change), { signal: stop.signal }))
      await partArrived(folder)
      stop.abort(new Error('stopped'))
      expect((await running).message).to.equal('stopped')
    }

    beforeEach(async () => {
      big = { bytes: randomBytes(3_000_000), says: { ETag: '"one"' }, fate: [], given: [] }
      folder = mkdtempSync(join(tmpdir(), 'fetch-'))
      // all programs of this machine but those that fetch
      mkdirSync(join(folder, 'bin'))
      const names = execFileSync('sh', ['-c', 'cd /usr/bin && ls; cd /bin && ls'], { encoding: 'utf8' }).split('\n')
      for (const name of new Set(names))
        if (name !== '' && !/^(curl|wget|python3)$/.test(name))
          symlinkSync(`/usr/bin/${name}`, join(folder, 'bin', name))
      symlinkSync(path, join(folder, 'bin', program))
      asked = []
      server = createServer((request, response) => {
        let body = ''
        request.setEncoding('utf8').on('data', (text: string) => (body += text))
        request.on('end', () => {
          asked.push({ method: request.method, url: request.url, headers: request.headers, body })
          if (request.url === '/big') return giveBig(big, request, response)
          if (request.url === '/gone') return void response.writeHead(404).end('no such thing')
          if (request.url === '/there') return void response.writeHead(302, { Location: '/file' }).end()
          if (request.headers['authorization'] !== `Bearer ${token}`) return void response.writeHead(401).end('who?')
          response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"a": "text"}\n')
        })
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      connection = makeHostConnection('here', localTransport(), undefined, [])
      seen = new Set()
      watching = setInterval(() => commandLines().forEach((line) => seen.add(line)), 3)
    })
    afterEach(async () => {
      clearInterval(watching)
      await connection[Symbol.asyncDispose]()
      server.closeAllConnections()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    })

    const within = <Args, Have>(module: HostModule<Args, Have>): HostModule => {
      const env = { PATH: join(folder, 'bin') }
      const add = (step: Step): Step => (step.kind === 'upload' ? step : { ...step, env })
      return {
        ...(module as HostModule),
        probe: (want: Args) => add(module.probe?.(want) as Step),
        steps: (want: Args, have: Have, change) => module.steps(want, have, change).map(add),
      }
    }
    const headers = { Authorization: new Secret(`Bearer ${token}`), 'X-Other': 'b' } as unknown as Values
    const leaked = (): readonly string[] => [...seen].filter((line) => line.includes('tok"en'))

    it('is a file, once, with what is needed to be let in, which nobody else sees', async () => {
      const dest = join(folder, "it's here")
      const { outputs, after } = await carryOut(connection, within(download), { url: `${address}/file`, dest, headers })
      expect(outputs.map(({ code, stderr }) => [code, stderr.trim()])).to.deep.equal([[0, '']])
      expect(readFileSync(dest, 'utf8')).to.equal('{"a": "text"}\n')
      expect(after.change.action).to.equal('none')
      expect(asked).to.have.length(1)
      expect(asked[0]?.headers).to.deep.include({ authorization: `Bearer ${token}`, 'x-other': 'b' })
      expect(leaked()).to.deep.equal([])
    })

    it('is nothing when the server refuses it, or when it is something else than it should be', async () => {
      const dest = join(folder, 'file')
      writeFileSync(dest, 'old')
      const wrong = { url: `${address}/file`, dest, headers, checksum: `sha256:${'0'.repeat(64)}` }
      const { outputs } = await carryOut(connection, within(download), wrong)
      expect(outputs[0]?.code).to.equal(1)
      expect(outputs[0]?.stderr).to.contain('has the sha256 digest')
      const gone = await carryOut(connection, within(download), { ...wrong, url: `${address}/gone` })
      expect(gone.outputs[0]?.code).to.equal(1)
      expect(readFileSync(dest, 'utf8')).to.equal('old')
    })

    describe('if it is large', () => {
      beforeEach(() => clearInterval(watching))
      if (program !== 'wget') {
        it('is gone on with where the server broke it off', async () => {
          const dest = join(folder, 'big')
          big.fate = ['cut', 'cut']
          const { outputs, after } = await carryOut(connection, within(download), { url: `${address}/big`, dest })
          expect(outputs.map(({ code, stderr }) => [code, stderr])).to.deep.equal([[0, '']])
          expect(readFileSync(dest).equals(big.bytes)).to.equal(true)
          expect(big.given).to.deep.equal(['200 cut', '206 cut', '206'])
          expect(after.change.action).to.equal('none')
          expect(readdirSync(folder).toSorted()).to.deep.equal(['big', 'bin'])
        })

        it('is gone on with by the next run, where this one was stopped, if it is still the same', async () => {
          const want = { url: `${address}/big`, dest: join(folder, 'big') }
          await stopped(want)
          expect(readdirSync(folder).toSorted()).to.deep.equal(['.runner-parts', 'bin'])
          await carryOut(connection, within(download), want)
          expect(readFileSync(want.dest).equals(big.bytes)).to.equal(true)
          // another one by then
          rmSync(want.dest)
          await stopped(want)
          big.bytes = randomBytes(2_500_000)
          big.says = { ETag: '"two"' }
          await carryOut(connection, within(download), want)
          expect(readFileSync(want.dest).equals(big.bytes)).to.equal(true)
          expect(big.given).to.deep.equal(['200 stuck', '206', '200 stuck', '200'])
          expect(readdirSync(folder).toSorted()).to.deep.equal(['big', 'bin'])
        })

        it('is begun anew where the server does not say what it is, unless a checksum decides', async () => {
          big.says = { ETag: 'W/"weak"' }
          const want = { url: `${address}/big`, dest: join(folder, 'big') }
          await stopped(want)
          await carryOut(connection, within(download), want)
          expect(readFileSync(want.dest).equals(big.bytes)).to.equal(true)
          rmSync(want.dest)
          big.says = {}
          const checksum = (): string => `sha256:${createHash('sha256').update(big.bytes).digest('hex')}`
          const sure = { ...want, checksum: checksum() }
          await stopped(sure)
          await carryOut(connection, within(download), sure)
          expect(readFileSync(want.dest).equals(big.bytes)).to.equal(true)
          rmSync(want.dest)
          // what had come is of another one: this one has the checksum that is wanted
          const right = randomBytes(3_000_000)
          const wrong = big.bytes
          big.bytes = right
          const other = { ...want, checksum: checksum() }
          big.bytes = wrong
          await stopped(other)
          big.bytes = right
          await carryOut(connection, within(download), other)
          expect(readFileSync(want.dest).equals(right)).to.equal(true)
          expect(big.given).to.deep.equal(['200 stuck', '200', '200 stuck', '206', '200 stuck', '206', '200'])
        })
      }

      it('is nothing when the server breaks it off again and again', async () => {
        const dest = join(folder, 'big')
        big.fate = Array.from({ length: 60 }, () => 'cut')
        big.says = { ETag: 'W/"weak"' }
        const { outputs } = await carryOut(connection, within(download), { url: `${address}/big`, dest })
        expect(outputs[0]?.code).to.equal(1)
        expect(outputs[0]?.stderr).to.contain('cannot fetch http://127.0.0.1:')
        expect(readdirSync(folder)).to.not.contain('big')
        expect(big.given.length).to.be.lessThan(10)
      })
    })

    it('is an answer, which is as it should be', async () => {
      const { change, have } = await look(connection, within(http), {
        url: `${address}/file`,
        headers,
        contains: '"text"',
      })
      expect(change.action, JSON.stringify(change)).to.equal('none')
      expect(http.returned({ url: '' } as never, have as never)).to.deep.include({ status: 200, json: { a: 'text' } })
      expect(leaked()).to.deep.equal([])
    })

    it('is an answer, which is not', async () => {
      const { change, outputs } = await carryOut(connection, within(http), { url: `${address}/gone` })
      expect(change.why).to.equal('answers 404 now, not 200')
      expect(outputs[0]?.stderr).to.contain('the status 404, not 200: no such thing')
      const refused = await look(connection, within(http), { url: 'http://127.0.0.1:1/' })
      expect(refused.change.why).to.match(/^no answer now: .*(refused|Failed to connect|connect)/i)
    })

    it('follows redirects, or does not', async () => {
      const stay = await look(connection, within(http), {
        url: `${address}/there`,
        follow_redirects: false,
        status: 302,
      })
      expect(stay.change, JSON.stringify(stay.change)).to.deep.equal({ action: 'none', fields: [] })
      const follow = await look(connection, within(http), { url: `${address}/there`, headers })
      expect(follow.change.action, JSON.stringify(follow.change)).to.equal('none')
    })

    it('is told something: a text, or a map as JSON', async () => {
      const post = {
        url: `${address}/file`,
        method: 'POST',
        headers,
        body: { a: ["it's", '$(id)'], b: new Secret('tok"en') },
      }
      const { outputs } = await carryOut(connection, within(http), post as unknown as Values)
      expect(outputs.map(({ code, stderr }) => [code, stderr])).to.deep.equal([[0, '']])
      expect(asked.at(-1)).to.deep.include({ method: 'POST', body: '{"a":["it\'s","$(id)"],"b":"tok\\"en"}' })
      expect(asked.at(-1)?.headers['content-type']).to.equal('application/json')
      expect(leaked()).to.deep.equal([])
    })
  })
}
