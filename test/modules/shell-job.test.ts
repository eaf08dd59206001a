import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import type { Connection } from '../../runner/connections/connection.ts'
import { localTransport } from '../../runner/connections/local.ts'
import { module } from '../../runner/modules/app/job/module.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { carryOut, look } from './shell-round.ts'

describe('app.job in a real shell', () => {
  let folder: string
  let connections: readonly Connection[]
  const want = (more: Values = {}): Values => ({
    name: 'migrate',
    release: "it's 1.0 $(id)",
    folder: join(folder, 'the jobs'),
    shell: `echo ran >>'${folder}/ran'; sleep 0.3; echo out; echo err >&2`,
    ...more,
  })
  const runs = (): number =>
    existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8').split('\n').length - 1 : 0

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'job-'))
    connections = Array.from({ length: 10 }, () => makeHostConnection('here', localTransport(), undefined, []))
  })
  afterEach(async () => {
    for (const connection of connections) await connection[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it('runs once though ten ask for it at the same time, and all are given what it printed', async () => {
    const rounds = await Promise.all(connections.map((connection) => carryOut(connection, module, want())))
    expect(runs()).to.equal(1)
    for (const { outputs, after, returned } of rounds) {
      expect(outputs.map(({ stdout, stderr, code }) => [stdout, stderr, code])).to.deep.equal([['out\n', 'err\n', 0]])
      expect(after.change.action).to.equal('none')
      expect(returned).to.deep.include({ stdout: 'out', stderr: 'err' })
    }
  })

  it('runs again for another release, and after it has failed', async () => {
    const [connection] = connections as [Connection]
    await carryOut(connection, module, want())
    await carryOut(connection, module, want({ release: '2' }))
    expect(runs()).to.equal(2)
    const bad = { release: '3', shell: `echo ran >>'${folder}/ran'; echo no >&2; exit 7` }
    const failed = await carryOut(connection, module, want(bad))
    expect(failed.outputs.map(({ code, stderr }) => [code, stderr])).to.deep.equal([[7, 'no\n']])
    expect(failed.after.change.action).to.equal('run')
    await carryOut(connection, module, want(bad))
    expect(runs()).to.equal(4)
  })

  it('does not wait longer than it may, and says for whom', async () => {
    const [first, second] = connections as [Connection, Connection]
    const long = carryOut(first, module, want({ shell: `until [ -e '${folder}/go' ]; do sleep 0.1; done` }))
    while (!existsSync(join(folder, 'the jobs', 'migrate', 'running')))
      await new Promise((later) => setTimeout(later, 20))
    const { outputs } = await carryOut(second, module, want({ shell: 'true', lock_wait: 0 }))
    writeFileSync(join(folder, 'go'), '')
    expect(outputs[0]?.code).to.equal(75)
    expect(outputs[0]?.stderr).to.contain("for it's 1.0 $(id)")
    await long
  })

  it('hands over words and stdin as they are, runs where it is told, and leaves no process waiting', async () => {
    const [connection] = connections as [Connection]
    const argv = ['sh', '-c', 'pwd; cat; printf "%s|" "$@"; sleep 60 &', 'x', "it's", '', '$(id)', 'new\nline']
    const { outputs, after } = await carryOut(
      connection,
      module,
      want({ shell: undefined as never, argv, chdir: folder, stdin: 'in\n' }),
    )
    expect(outputs[0]?.stdout).to.equal(`${folder}\nin\nit's||$(id)|new\nline|`)
    expect(after.change.action).to.equal('none')
  })

  it('remembers only so many', async () => {
    const [connection] = connections as [Connection]
    for (const release of ['1', '2', '3', '4'])
      await carryOut(connection, module, want({ release, keep: 2, shell: 'sleep 1.1' }))
    expect(
      readdirSync(join(folder, 'the jobs', 'migrate')).filter((name) => /^[0-9a-f]{32}$/.test(name)),
    ).to.have.length(2)
    expect((await look(connection, module, want({ release: '4' }))).change.action).to.equal('none')
    expect((await look(connection, module, want({ release: '1' }))).change.action).to.equal('run')
  })
})
