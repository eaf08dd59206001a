import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

/** The cloud part of the mission, killed without warning in ever later places. */
describe('an apply that is killed', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  const words = ['playbooks/cloud.yml', '-i', 'inventory/lab.yml']

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    const text = readFileSync(join(runner.folder, 'playbooks', 'objective2.yml'), 'utf8')
    const cut = text.indexOf('- name: Application template')
    const rest = text.indexOf('- name: Image, launch template and scaling')
    expect(cut).to.be.greaterThan(0)
    const cloud = `${text.slice(0, cut)}${text.slice(rest)}`.replaceAll(/^ {10}(docker|source|settings): .*\n/gm, '')
    writeFileSync(join(runner.folder, 'playbooks', 'cloud.yml'), cloud)
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
    expect(all).to.have.length(14)
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
