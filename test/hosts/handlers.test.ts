import { expect } from 'chai'
import type { Plan } from '../../runner/plan/plan.ts'
import { startHost, type Host } from '../lab/host.ts'
import { changes } from '../lab/runner.ts'
import { makeStage, type Stage } from './playing.ts'

const unit = `[Service]
ExecStart=/bin/sh -c 'cat /etc/app.conf > /run/app.read; exec sleep infinity'
ExecReload=/bin/sh -c 'cat /etc/app.conf > /run/app.read'
`
const playbook = (conf: string, more: { readonly fails?: boolean; readonly again?: string } = {}): string => `
- hosts: web
  become: true
  tasks:
    - name: Unit
      system.copy: { dest: /etc/systemd/system/app.service, content: ${JSON.stringify(unit)} }
      notify: Again
    - name: Settings
      system.copy: { dest: /etc/app.conf, content: "${conf}" }
      notify: [Again, Told]
    - name: Running
      system.service: { name: app, state: started, daemon_reload: true }
    - name: Breaks
      system.command: { cmd: "${more.fails ? 'false' : 'true'}" }
      changed_when: false
  handlers:
    - name: Again
      system.service: { name: app, state: ${more.again ?? 'restarted'} }
    - name: Told
      system.shell: { cmd: echo told >> /run/app.told }
`

describe('handlers that a failed run did not come to', function () {
  this.timeout(240_000)
  let host: Host
  let stage: Stage
  let other: Stage
  before(async () => {
    host = await startHost()
    stage = makeStage(host)
    other = makeStage(host)
  })
  after(async () => {
    stage?.close()
    other?.close()
    await host?.close()
  })
  const read = async (): Promise<string> => await host.exec('cat /run/app.read')
  const whys = (plan: Plan): readonly string[] =>
    plan.entries.flatMap((entry) => (entry.action === 'none' || entry.why === undefined ? [] : [entry.why]))

  it('are run by the next one, also from a machine without a journal, as the plan says', async () => {
    await stage.settle(playbook('one'))
    expect(await read()).to.equal('one')
    expect((await stage.apply(playbook('two', { fails: true }))).failed.map(({ task }) => task)).to.deep.equal([
      'Breaks',
    ])
    expect(await read()).to.equal('one')

    const elsewhere = await other.plan(playbook('two'))
    expect(changes(elsewhere).map(({ task, action }) => `${task}: ${action}`)).to.deep.equal(['Again: run'])
    expect(whys(elsewhere)).to.deep.equal(['/etc/app.conf changed after app was last restarted'])
    // what a command is for cannot be asked of the host: only the journal knows it is owed
    const here = await stage.plan(playbook('two'))
    expect(changes(here).map(({ task }) => task)).to.deep.equal(['Again', 'Told'])
    expect(whys(here)[1]).to.match(/^“Settings” changed in run \S+, which ended before it$/)

    await host.exec('rm -f /run/app.told')
    expect((await stage.apply(playbook('two'))).changed).to.deep.equal(['Again', 'Told'])
    expect([await read(), await host.exec('cat /run/app.told')]).to.deep.equal(['two', 'told'])
    expect(changes(await stage.plan(playbook('two')))).to.deep.equal([])
    expect(changes(await other.plan(playbook('two')))).to.deep.equal([])
  })

  for (const [again, property] of [
    ['restarted', 'ActiveEnterTimestamp'],
    ['reloaded', 'StateChangeTimestamp'],
  ] as const) {
    it(`are seen though the file changed within the second in which the service was ${again}`, async () => {
      const text = playbook('two', { again })
      await host.exec(`systemctl ${again === 'restarted' ? 'restart' : 'reload'} app`)
      const at = await host.exec(`date -d "$(systemctl show --timestamp=us+utc -P ${property} app)" +%s%6N`)
      const changedAt = async (micros: bigint): Promise<void> =>
        void (await host.exec(
          `touch -d @${micros / 1_000_000n}.${`${micros % 1_000_000n}`.padStart(6, '0')} /etc/app.conf`,
        ))
      await changedAt(BigInt(at) + 1n)
      expect(changes(await other.plan(text)).map(({ task }) => task)).to.deep.equal(['Again'])
      await changedAt(BigInt(at))
      expect(changes(await other.plan(text))).to.deep.equal([])
    })
  }

  it('reload what was to be reloaded, and leave alone what is stopped', async () => {
    const reloading = { again: 'reloaded' }
    await stage.apply(playbook('three', { ...reloading, fails: true }))
    expect(await read()).to.equal('two')
    expect((await other.settle(playbook('three', reloading))).changed).to.deep.equal(['Again'])
    expect(await read()).to.equal('three')

    await stage.apply(playbook('four', { fails: true }))
    await host.exec('systemctl stop app')
    const plan = await other.plan(playbook('four'))
    expect(changes(plan).map(({ task }) => task)).to.deep.equal(['Running'])
  })
})
