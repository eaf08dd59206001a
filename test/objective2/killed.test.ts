import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { cloudPart } from '../lab/cloud-part.ts'

/** The cloud part of the mission, killed without warning in ever later places. */
describe('an apply that is killed', function () {
  this.timeout(20 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let words: readonly string[]

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    words = [cloudPart(runner), '-i', 'inventory/lab.yml']
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  it('is finished by the next, and nothing exists twice', async () => {
    const started = Date.now()
    expect((await runner.apply(...words)).exit).to.equal(0)
    const whole = Date.now() - started
    const all = await objectsIn(emulator.env)
    expect(all).to.have.length(16)
    expect((await runner.run('destroy', '--yes', ...words)).exit).to.equal(0)
    const places: number[] = []
    for (let place = 1; place <= 10; place++) {
      await emulator.empty()
      const child = runner.start('apply', '--yes', ...words)
      await sleep((whole * place) / 11)
      child.kill('SIGKILL')
      await child
      places.push((await objectsIn(emulator.env)).length)
      const again = await runner.apply(...words)
      expect(again.exit, `killed in place ${place}: ${again.stderr}`).to.equal(0)
      expect(await objectsIn(emulator.env)).to.deep.equal(all)
      expect(changes(await runner.plan(...words))).to.deep.equal([])
    }
    // the places really were different ones
    expect(new Set(places).size, places.join(' ')).to.be.greaterThan(2)
  })
})
