import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import type { Kind } from '../lab/overlay/course.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { cloudPart } from '../lab/cloud-part.ts'

/** The cloud part of the mission, killed without warning in ever later places: those are told by what the run says, not by a clock. */
describe('an apply that is killed', function () {
  this.timeout(20 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let words: readonly string[]
  let all: readonly string[]
  let ahead = 0

  before(async () => {
    emulator = await startEmulator({ now: () => Date.now() + ahead })
    runner = makeRunner(emulator.env)
    words = [cloudPart(runner), '-i', 'inventory/lab.yml']
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    all = await objectsIn(emulator.env)
    expect(all).to.have.length(16)
  })
  beforeEach(async () => await emulator.empty())
  afterEach(() => emulator.courses.clear())
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  /** Starts a run and gives it back as soon as it has said this so often. */
  async function until(said: string, times = 1) {
    const child = runner.start('apply', '--yes', '-o', 'json', ...words)
    let stdout = ''
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
    for (let left = 12_000; left > 0 && stdout.split(said).length <= times; left--) {
      if (child.exitCode !== null && child.exitCode !== undefined) throw new Error(`it ended: ${stdout.slice(-2000)}`)
      await sleep(10)
    }
    if (stdout.split(said).length <= times) {
      child.kill('SIGKILL')
      throw new Error(`it does not say ${said}: ${stdout.slice(-2000)}`)
    }
    // a child is a promise itself: in a map it is not waited for
    return { child }
  }

  for (const done of [0, 1, 4, 8, 11, 14])
    it(`after ${done} things were made, is finished by the next, and nothing exists twice`, async () => {
      const { child } = await (done === 0 ? until('"type":"node.start"') : until('"type":"node.done"', done))
      child.kill('SIGKILL')
      await child
      const again = await runner.apply(...words)
      expect(again.exit, again.stderr).to.equal(0)
      expect(await objectsIn(emulator.env)).to.deep.equal(all)
      expect(changes(await runner.plan(...words))).to.deep.equal([])
    })

  const waits: readonly (readonly [kind: Kind, said: string, made: string])[] = [
    ['database', 'waiting for database cluster bookstore: ', 'rds:CreateDBCluster'],
    ['load balancer', 'waiting for load balancer bookstore to be active: ', 'elb:CreateLoadBalancer'],
    ['image', 'waiting for image ', 'ec2:CreateImage'],
    ['target', 'waiting for instances of bookstore to be in service: ', 'autoscaling:CreateAutoScalingGroup'],
  ]
  for (const [kind, said, made] of waits)
    it(`while it waits for its ${kind}, is gone on with: the next run waits for the same one`, async () => {
      emulator.courses.set(kind, { ms: 3_600_000 })
      emulator.clear()
      const first = await until(said)
      first.child.kill('SIGKILL')
      await first.child
      const next = await until(said)
      // of two targets the second is checked after the first
      ahead += 7_200_000
      const { exitCode, stderr } = await next.child
      expect(exitCode, String(stderr)).to.equal(0)
      expect(emulator.writes()[made]).to.equal(1)
      expect(await objectsIn(emulator.env)).to.deep.equal(all)
      expect(changes(await runner.plan(...words))).to.deep.equal([])
    })

  it('while it rolls out a new version, is gone on with: the next run waits for the same roll-out, and no instance is replaced twice', async () => {
    const first = await runner.apply(...words)
    expect(first.exit, first.stderr).to.equal(0)
    const file = join(runner.folder, 'playbooks', 'cloud.yml')
    const text = readFileSync(file, 'utf8')
    expect(text).to.contain('#!/bin/sh\n          set -e\n')
    writeFileSync(file, text.replace('#!/bin/sh\n          set -e\n', '#!/bin/sh\n          set -eu\n'))
    try {
      emulator.courses.set('instance refresh', { ms: 3_600_000 })
      emulator.clear()
      const killed = await until('waiting for the roll-out of bookstore: ')
      killed.child.kill('SIGKILL')
      await killed.child
      const next = await until('waiting for the roll-out of bookstore: ')
      ahead += 3_600_000
      const { exitCode, stderr } = await next.child
      expect(exitCode, String(stderr)).to.equal(0)
      expect(emulator.writes()).to.include({
        'autoscaling:StartInstanceRefresh': 1,
        'ec2:CreateLaunchTemplateVersion': 1,
      })
      expect(emulator.writes()).to.not.have.any.keys(
        'autoscaling:CancelInstanceRefresh',
        'autoscaling:UpdateAutoScalingGroup',
      )
      expect(await objectsIn(emulator.env)).to.deep.equal(all)
      expect(changes(await runner.plan(...words))).to.deep.equal([])
    } finally {
      writeFileSync(file, text)
    }
  })
})
