import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Event } from '../../runner/engine/event.ts'
import { openSlowLink, type SlowLink } from '../connections/slow-link.ts'
import { sshLab } from '../connections/ssh-lab.ts'
import { users } from '../connections/sshd.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

const tasks = (folder: string): readonly string[] => [
  ...Array.from({ length: 12 }, (_, n) => `system.file: { path: ${folder}/d${n}, state: directory, mode: "0750" }`),
  ...Array.from({ length: 12 }, (_, n) => `system.copy: { dest: ${folder}/d${n}/c, content: "text {{ ${n} * 2 }}" }`),
  ...Array.from({ length: 8 }, (_, n) => `system.line: { path: ${folder}/d${n}/l, line: "line ${n}", create: true }`),
  ...Array.from({ length: 6 }, (_, n) => `system.template: { dest: ${folder}/t${n}, src: t.txt }`),
  ...Array.from({ length: 4 }, (_, n) => `system.command: { cmd: touch ${folder}/m${n}, creates: ${folder}/m${n} }`),
  ...Array.from({ length: 4 }, () => `system.user: { name: ${users.none}, shell: /bin/sh }`),
  ...Array.from({ length: 4 }, () => 'system.package: { name: [coreutils, sed] }'),
]

describe('a run that changes nothing', function () {
  this.timeout(240_000)
  let link: SlowLink
  let runner: Runner
  let folder: string
  const lab = sshLab(async () => (link = await openSlowLink(0)))
  before(() => {
    runner = makeRunner({})
    folder = mkdtempSync(join(tmpdir(), 'round-trips-'))
    const host = `{ address: ${link.address}, port: ${lab.sshd.port}, user: ${users.free}, identity: ${lab.sshd.key} }`
    writeFileSync(join(runner.folder, 'hosts.yml'), `web: { hosts: { far: ${host} } }\n`)
    writeFileSync(join(runner.folder, 't.txt'), 'on {{ inventory_hostname }}, {{ system }}\n')
    const list = tasks(folder).map(
      (task, n) => `    - name: T${n}\n      ${task}\n      become: ${n % 5 !== 4 || n < 42}\n`,
    )
    const text = `- hosts: web\n  vars: { system: '{{ facts.system }}' }\n  tasks:\n${list.join('')}`
    writeFileSync(join(runner.folder, 'play.yml'), text)
    // the same with a handler, of which a plan asks whether an earlier run owes it
    const handler = '  handlers:\n    - { name: Again, system.service: { name: none, state: restarted } }\n'
    writeFileSync(
      join(runner.folder, 'told.yml'),
      `${text.replaceAll('system.copy:', 'notify: Again\n      system.copy:')}${handler}`,
    )
  })
  after(() => {
    runner.close()
    link.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const apply = async (
    ...words: readonly string[]
  ): Promise<{ readonly done: Extract<Event, { type: 'run.done' }>; readonly took: number }> => {
    const started = performance.now()
    const { exit, events, stderr } = await runner.apply(
      words[0]?.endsWith('.yml') ? words[0] : 'play.yml',
      '-i',
      'hosts.yml',
      ...words.filter((word) => !word.endsWith('.yml')),
    )
    expect(exit, stderr).to.equal(0)
    return { took: performance.now() - started, done: events.at(-1) as Extract<Event, { type: 'run.done' }> }
  }

  it('costs at most two exchanges after the handshake for 50 tasks of two users that ask for facts', async () => {
    expect(tasks(folder)).to.have.length(50)
    expect((await apply()).done.results.changed).to.equal(42)
    const { done } = await apply()
    expect(done.results.changed, JSON.stringify(done)).to.equal(0)
    expect(done.traffic?.['far']?.exchanges).to.be.within(1, 2)
    expect(done.traffic?.['far']?.sent).to.be.greaterThan(1000)
  })

  it('asks for overdue handlers in the same exchange', async () => {
    const { done } = await apply('told.yml', '-e', 'system=Linux')
    expect(done.results.changed).to.be.within(0, 6)
    const { done: again } = await apply('told.yml', '-e', 'system=Linux')
    expect(again.results.changed).to.equal(0)
    expect(again.traffic?.['far']?.exchanges).to.equal(1)
  })

  it('is over after a dozen round trips, handshake included, by the clock', async () => {
    const best = async (roundTrip: number): Promise<number> => {
      link.takes(roundTrip)
      let least = Number.POSITIVE_INFINITY
      for (let tries = 0; tries < 3; tries += 1) least = Math.min(least, (await apply('-e', 'system=Linux')).took)
      return least
    }
    // What the machines take themselves is in both, so that the difference is the line's alone. Measured: 8.3. One is TCP's, five are the
    // log-in's (names, offers, keys, leave to log in, the log-in), one opens the channels, one starts the shells, one brings the answer, of
    // which a second packet may wait for the receipt of the first.
    const near = await best(100)
    const far = await best(300)
    expect((far - near) / 200).to.be.within(3, 10)
  })
})
