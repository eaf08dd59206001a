import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { usualTimes } from '../../runner/engine/pace.ts'
import type { Event } from '../../runner/engine/event.ts'
import { progress } from '../../runner/modules/system/package/progress.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

describe('how long things take', function () {
  this.timeout(60_000)
  let runner: Runner
  before(() => {
    runner = makeRunner({})
    writeFileSync(join(runner.folder, 'hosts.yml'), 'web: { connection: local, hosts: [h1] }\n')
    writeFileSync(
      join(runner.folder, 'play.yml'),
      `- hosts: web\n  tasks:\n    - name: Slow\n      system.shell: { cmd: 'printf "begun\\npart"; {{ wait }}; echo ly; exit {{ code | default(0) }}' }\n`,
    )
  })
  after(() => runner.close())
  const words = (...more: readonly string[]): readonly string[] => ['play.yml', '-i', 'hosts.yml', ...more]

  /** A run whose task lasts until the alarm was given. */
  const untilSlow = async (...more: readonly string[]): Promise<{ readonly exit: number; readonly stdout: string }> => {
    const go = join(runner.folder, 'go')
    rmSync(go, { force: true })
    const wait = JSON.stringify({ wait: `until [ -e '${go}' ]; do sleep 0.1; done` })
    const running = runner.start('apply', '--yes', ...more, ...words('-e', wait))
    running.stdout?.on('data', (data: Buffer) => {
      if (/node\.slow|takes longer/.test(data.toString())) writeFileSync(go, '')
    })
    const { exitCode = -1, stdout } = await running
    return { exit: exitCode, stdout: String(stdout) }
  }

  it('is learnt from earlier runs, and an alarm is given at twice that, with what was last heard', async () => {
    const first = await runner.apply(...words('-e', '{"wait": "sleep 2.1"}'))
    expect(first.events.some((event) => event.type === 'node.slow')).to.equal(false)
    const took = first.events.find((event) => event.type === 'node.done')?.seconds
    const { exit, stdout: lines } = await untilSlow('-o', 'json')
    expect(exit).to.equal(0)
    const events = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event)
    const start = events.find((event) => event.type === 'node.start')
    const slow = events.findIndex((event) => event.type === 'node.slow')
    expect(start).to.have.property('usual', took)
    expect(took).to.be.greaterThan(2)
    expect(events[slow]).to.include({ node: start?.node, last: 'begun' })
    expect(events.slice(slow + 1).some((event) => event.type === 'node.done')).to.equal(true)
    const { stdout } = await untilSlow('-o', 'plain')
    expect(stdout).to.match(/⚠ Slow on h1 takes longer than usual: \d+\.\d s so far, usually \d\.\d s; last: begun/)
  })

  it('is told while it lasts: whole lines with -v, and the last of them when it fails', async () => {
    const { exit, stdout } = await runner.run(
      'apply',
      '--yes',
      '-v',
      ...words('-e', '{"wait": "sleep 0.2"}', '-e', 'code=3'),
    )
    expect(exit).to.equal(1)
    expect(stdout).to.contain('Slow on h1 │ begun\n').and.to.contain('Slow on h1 │ partly\n')
    expect(stdout).to.contain('exit status 3')
    const { stdout: quiet } = await runner.run(
      'apply',
      '--yes',
      ...words('-e', '{"wait": "sleep 0.2"}', '-e', 'code=3'),
    )
    expect(quiet).to.not.contain('│ begun')
    expect(quiet).to.contain('partly')
  })

  it('is the median, of what changed something only', () => {
    const done = (seconds: number, result: 'changed' | 'ok' | 'failed', node = 'p/t@h1'): Event => ({
      t: 0,
      type: 'node.done',
      node,
      task: 't',
      where: 'h1',
      phase: 'act',
      result,
      action: 'run',
      seconds,
    })
    const events = [
      done(1, 'changed'),
      done(3, 'changed', 'p/t[x]@h2'),
      done(9, 'changed'),
      done(0, 'ok'),
      done(99, 'failed'),
    ]
    expect([...usualTimes([{ run: 'r', file: '', events }])]).to.deep.equal([['p/t act', 3]])
  })

  it('of packages is what APT says', () => {
    expect(progress('dlstatus:1:20.5:Retrieving file 1 of 4')?.text).to.equal(
      '21 % downloading, Retrieving file 1 of 4',
    )
    expect(progress('pmstatus:nginx:40.0:Unpacking nginx (amd64)')?.text).to.equal('40 % Unpacking nginx (amd64)')
    expect(progress('pmstatus:libc6:amd64:14.2857:Configuring libc6:amd64')?.text).to.equal(
      '14 % Configuring libc6:amd64',
    )
    expect(progress('Setting up nginx')).to.equal(undefined)
  })
})
