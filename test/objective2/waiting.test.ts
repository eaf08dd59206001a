import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Event } from '../../runner/engine/event.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { cloudPart } from '../lab/cloud-part.ts'

/** The runner itself while AWS takes its time: what it shows, and that it lets go when told to. */
describe('a run that waits for AWS', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let words: readonly string[]
  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    words = [cloudPart(runner), '-i', 'inventory/lab.yml']
  })
  beforeEach(async () => {
    await emulator.empty()
    emulator.courses.clear()
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  /** Starts a run and gives it back when it has said something. */
  async function until(said: RegExp, verb = 'apply') {
    const child = runner.start(verb, '--yes', '-o', 'json', ...words)
    let stdout = ''
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
    const started = Date.now()
    while (!said.test(stdout)) {
      if (child.exitCode !== undefined && child.exitCode !== null) throw new Error(`it ended: ${stdout.slice(-2000)}`)
      if (Date.now() - started > 120_000) throw new Error(`it does not say ${said}: ${stdout.slice(-2000)}`)
      await sleep(20)
    }
    return {
      child,
      events: () =>
        stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Event),
    }
  }

  it('ends within a second when interrupted, and the next run goes on', async () => {
    emulator.courses.set('database', { ms: 3_600_000 })
    emulator.courses.set('load balancer', { ms: 3_600_000 })
    const { child, events } = await until(/waiting for database cluster bookstore: creating/)
    const asked = Date.now()
    child.kill('SIGINT')
    const { exitCode } = await child
    expect(Date.now() - asked).to.be.lessThan(1000)
    expect(exitCode).to.equal(130)
    const cancelled = events().filter((event) => event.type === 'node.done' && event.result === 'cancelled')
    expect(cancelled.map((event) => event.type === 'node.done' && event.task)).to.include('Database cluster')
    emulator.courses.clear()
    const again = await runner.apply(...words)
    expect(again.exit, again.stderr).to.equal(0)
    const all = await objectsIn(emulator.env)
    expect(new Set(all).size).to.equal(all.length)
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('ends the wait of a destroy, too, and the next destroy finishes it', async () => {
    expect((await runner.apply(...words)).exit).to.equal(0)
    emulator.courses.set('database', { goingMs: 3_600_000 })
    const { child } = await until(/to be gone: deleting/, 'destroy')
    const asked = Date.now()
    child.kill('SIGINT')
    expect((await child).exitCode).to.equal(130)
    expect(Date.now() - asked).to.be.lessThan(1000)
    expect(await objectsIn(emulator.env)).to.include('database cluster bookstore')
    const again = runner.start('destroy', '--yes', '-o', 'json', ...words)
    await sleep(3000)
    // AWS is done with it now
    emulator.courses.clear()
    expect((await again).exitCode).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal([])
  })

  it('fails with AWS’s reason as soon as something it waits for has failed', async () => {
    emulator.courses.set('image', { ms: 300, ends: 'failed', reason: 'no room for the snapshot' })
    const started = Date.now()
    const { exit, stderr, events } = await runner.apply(...words)
    expect(exit).to.equal(1)
    expect(stderr + JSON.stringify(events)).to.contain('no room for the snapshot')
    expect(Date.now() - started).to.be.lessThan(60_000)
    const blocked = events.filter((event) => event.type === 'node.done' && event.result === 'blocked')
    expect(blocked.map((event) => event.type === 'node.done' && event.task)).to.include('Launch template')
  })
})
