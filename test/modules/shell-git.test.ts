import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import type { Connection } from '../../runner/connections/connection.ts'
import { localTransport } from '../../runner/connections/local.ts'
import { Failure } from '../../runner/language/diagnostic.ts'
import { module } from '../../runner/modules/git/checkout/module.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { Secret } from '../../runner/secret.ts'
import { commandLines } from '../connections/watching.ts'
import { carryOut, look } from './shell-round.ts'

describe('git.checkout in a real shell', () => {
  let folder: string
  let work: string
  let connection: Connection
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], {
      cwd: work,
      encoding: 'utf8',
    }).trim()
  const commit = (name: string, text: string): string => {
    writeFileSync(join(work, name), text)
    git('add', '.')
    git('commit', '--quiet', '--message', text)
    return git('rev-parse', 'HEAD')
  }
  const want = (more: Values = {}): Values => ({ repo: work, dest: join(folder, 'a copy', 'here'), ...more })
  const codes = async (args: Values): Promise<readonly string[]> =>
    await look(connection, module, args).then(
      () => [],
      (error: unknown) => {
        if (!(error instanceof Failure)) throw error
        return error.diagnostics.map((diagnostic) => diagnostic.code)
      },
    )

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkout-'))
    work = join(folder, "o'rigin")
    mkdirSync(work)
    git('init', '--quiet', '--initial-branch', 'main')
    connection = makeHostConnection('here', localTransport(), undefined, [])
  })
  afterEach(async () => {
    await connection[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it('makes a working copy, finds nothing to do, follows the branch', async () => {
    const first = commit('file', 'one')
    const made = await carryOut(connection, module, want({ version: 'main' }))
    expect(made.change.action).to.equal('create')
    expect(made.outputs.map(({ code, stderr }) => [code, stderr.trim()])).to.deep.equal([[0, '']])
    expect(made.after.change.action).to.equal('none')
    expect(made.returned).to.deep.equal({ before: '', after: first })
    expect(readFileSync(join(folder, 'a copy', 'here', 'file'), 'utf8')).to.equal('one')

    const second = commit('file', 'two')
    const followed = await carryOut(connection, module, want({ version: 'main' }))
    expect(followed.change.fields).to.deep.equal([{ path: 'version', before: first, after: second, known: true }])
    expect(followed.returned).to.deep.equal({ before: first, after: second })
    expect((await look(connection, module, want())).change.action).to.equal('none')
  })

  it('goes to a tag (annotated, too), to a commit and back in history', async () => {
    const first = commit('file', 'one')
    git('tag', '--annotate', 'v1', '--message', 'v1')
    git('branch', 'feature/main')
    const second = commit('file', 'two')
    git('tag', 'v2')
    for (const [version, sha] of [
      ['v2', second],
      ['v1', first],
      ['refs/tags/v1', first],
      [second, second],
      ['feature/main', first],
      ['main', second],
    ] as const) {
      const { after, returned } = await carryOut(connection, module, want({ version }))
      expect(after.change.action, version).to.equal('none')
      expect(returned['after'], version).to.equal(sha)
    }
  })

  it('fetches a single commit when that is enough', async () => {
    commit('file', 'one')
    commit('file', 'two')
    const args = { repo: `file://${work}`, dest: join(folder, 'shallow'), version: 'main', depth: 1 }
    const { after } = await carryOut(connection, module, args)
    expect(after.change.action).to.equal('none')
    const count = execFileSync('git', ['-C', args.dest, 'rev-list', '--count', 'HEAD'], { encoding: 'utf8' })
    expect(count.trim()).to.equal('1')
    commit('file', 'three')
    expect((await carryOut(connection, module, args)).after.change.action).to.equal('none')
  })

  it('leaves what was changed on the host alone unless forced', async () => {
    const first = commit('file', 'one')
    await carryOut(connection, module, want())
    const file = join(folder, 'a copy', 'here', 'file')
    writeFileSync(file, 'by hand')
    expect(await codes(want())).to.deep.equal(['E776'])
    const forced = await carryOut(connection, module, want({ force: true }))
    expect(forced.change.fields.map((field) => field.path)).to.deep.equal(['local_changes'])
    expect(forced.after.change.action).to.equal('none')
    expect(forced.returned).to.deep.equal({ before: first, after: first })
    expect(readFileSync(file, 'utf8')).to.equal('one')
    writeFileSync(join(folder, 'a copy', 'here', 'untracked'), 'mine')
    expect((await look(connection, module, want())).change.action).to.equal('none')
  })

  it('takes a rewritten branch and another repository', async () => {
    commit('file', 'one')
    await carryOut(connection, module, want({ version: 'main' }))
    git('commit', '--quiet', '--amend', '--message', 'rewritten')
    expect((await carryOut(connection, module, want({ version: 'main' }))).after.change.action).to.equal('none')
    execFileSync('git', ['clone', '--quiet', '--bare', work, join(folder, 'other.git')])
    const moved = await carryOut(connection, module, want({ version: 'main', repo: join(folder, 'other.git') }))
    expect(moved.change.fields.map((field) => field.path)).to.deep.equal(['repo'])
    expect(moved.after.change.action).to.equal('none')
  })

  it('says what is wrong: no such ref, no such repository, a directory in use, a broken copy', async () => {
    commit('file', 'one')
    expect(await codes(want({ version: 'mian' }))).to.deep.equal(['E775'])
    expect(await codes(want({ version: '$(touch pwned)' }))).to.deep.equal(['E775'])
    expect(await codes(want({ repo: join(folder, 'nowhere') }))).to.deep.equal(['E775'])
    mkdirSync(join(folder, 'used'))
    writeFileSync(join(folder, 'used', 'file'), '')
    expect(await codes(want({ dest: join(folder, 'used') }))).to.deep.equal(['E797'])
    mkdirSync(join(folder, 'broken', '.git'), { recursive: true })
    expect(await codes(want({ dest: join(folder, 'broken') }))).to.deep.equal(['E797'])
  })

  it('takes up what was interrupted: a copy without any commit', async () => {
    const first = commit('file', 'one')
    const dest = join(folder, 'a copy', 'here')
    execFileSync('git', ['init', '--quiet', dest])
    const { change, after, returned } = await carryOut(connection, module, want())
    expect(change.action).to.equal('create')
    expect(after.change.action).to.equal('none')
    expect(returned).to.deep.equal({ before: '', after: first })
  })

  describe('with a password', () => {
    let server: Server
    let port: number
    const asked: (string | undefined)[] = []
    /** Command lines of this machine while git asked. */
    const seen = new Set<string>()

    beforeEach(async () => {
      asked.length = 0
      seen.clear()
      // the dumb protocol: a bare repository's files, for who has the password
      server = createServer((request, response) => {
        asked.push(request.headers.authorization)
        for (const line of commandLines()) seen.add(line)
        if (request.headers.authorization !== `Basic ${Buffer.from('deploy:p@ss:word').toString('base64')}`) {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
          return
        }
        const file = join(folder, 'served.git', (request.url ?? '').replace(/^\/a\.git\//, '').replace(/\?.*$/, ''))
        if (existsSync(file)) response.end(readFileSync(file))
        else response.writeHead(404).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      port = (server.address() as AddressInfo).port
    })
    afterEach(() => {
      server.closeAllConnections()
      server.close()
    })

    it('reads over HTTP, and keeps the password out of command lines and files', async () => {
      const first = commit('file', 'one')
      execFileSync('git', ['clone', '--quiet', '--bare', work, join(folder, 'served.git')])
      execFileSync('git', ['-C', join(folder, 'served.git'), 'update-server-info'])
      const args = {
        repo: new Secret(`http://deploy:p%40ss%3Aword@127.0.0.1:${port}/a.git`),
        dest: join(folder, 'private'),
        version: 'main',
      }
      const { change, after, returned, outputs } = await carryOut(connection, module, args)
      expect(outputs.map(({ code, stderr }) => [code, stderr])).to.deep.equal([[0, '']])
      expect(JSON.stringify(change)).to.not.contain('p%40ss')
      expect(after.change.action).to.equal('none')
      expect(returned['after']).to.equal(first)
      expect(readFileSync(join(args.dest, '.git', 'config'), 'utf8')).to.contain(`url = http://127.0.0.1:${port}/a.git`)
      expect(asked.filter((header) => header?.startsWith('Basic')).length).to.be.greaterThan(0)
      expect([...seen].filter((line) => line.includes(`127.0.0.1:${port}/a.git`))).to.not.deep.equal([])
      expect([...seen].filter((line) => /p@ss|p%40ss/.test(line))).to.deep.equal([])
    })

    it('is told when it is the wrong one, without repeating it', async () => {
      const args = { repo: `http://deploy:wr0ng@127.0.0.1:${port}/a.git`, dest: join(folder, 'private') }
      const error = await look(connection, module, args).catch((caught: unknown) => caught)
      expect((error as Failure).diagnostics[0]?.code).to.equal('E775')
      expect((error as Failure).message)
        .to.contain('127.0.0.1')
        .and.not.contain('wr0ng')
    })
  })
})
