import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { startEngine } from '../lab/docker.ts'
import { startHost, type Host } from '../lab/host.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

describe('a connection that is lost', function () {
  this.timeout(240_000)
  let host: Host
  let runner: Runner
  before(async () => {
    host = await startHost()
    // so that silence is noticed in seconds
    appendFileSync(host.sshConfig, '  ServerAliveInterval 2\n  ServerAliveCountMax 2\n  ConnectTimeout 6\n')
  })
  beforeEach(async () => {
    await until(async () => (await host.exec('systemctl is-active ssh || true')) === 'active')
    runner = makeRunner({})
    writeFileSync(
      join(runner.folder, 'hosts.yml'),
      `web:
  hosts:
    h1: { connection: local }
    h2: { address: web.example.com, user: ubuntu }
    h3: { connection: local }
    h4: { connection: local }
`,
    )
  })
  afterEach(() => runner.close())
  after(async () => await host?.close())

  const write = (text: string): readonly string[] => {
    writeFileSync(join(runner.folder, 'play.yml'), text.replaceAll('TMP', runner.folder))
    return ['play.yml', '-i', 'hosts.yml', '-F', host.sshConfig]
  }
  const until = async (ready: () => Promise<boolean>): Promise<void> => {
    for (let left = 200; left > 0 && !(await ready()); left -= 1) await wait(50)
  }
  // the bracket keeps it from finding itself
  const cut = "pkill -KILL -f 'sshd-session: [u]buntu' || true"

  it('while files are put in place, is made anew, and what was not done is done', async () => {
    const bytes = randomBytes(6_000_000)
    writeFileSync(join(runner.folder, 'big'), bytes)
    const words = write(`
- hosts: h2
  become: true
  tasks:
    - name: Before
      system.copy: { dest: /srv/before, content: before }
    - name: Big
      system.copy: { dest: /srv/big, src: big, validate: "sh -c 'ls /run/cut || sleep 600' %s" }
    - name: After
      system.copy: { dest: /srv/after, content: after }
`)
    const running = runner.apply(...words)
    await until(async () => (await host.exec('ls /srv/.runner-parts 2>/dev/null || true')) !== '')
    // nobody can log in for a while
    await host.exec(
      `touch /run/cut; systemctl stop ssh.service ssh.socket; ${cut}; (sleep 2; systemctl start ssh) >/dev/null 2>&1 &`,
    )
    const { exit, events, stderr } = await running
    expect(exit, stderr).to.equal(0)
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
    expect(notices.join('\n')).to.contain('trying again in 1 s (1 of 3)')
    expect(await host.exec('stat -c %s /srv/big; cat /srv/before /srv/after')).to.equal('6000000\nbeforeafter')
    // once, and what was in buffers
    const end = events.at(-1)
    expect(end?.type === 'run.done' && end.traffic?.['h2']?.sent).to.be.within(6_000_000, 9_000_000)
    expect((await runner.plan(...words)).counts).to.include({ none: 3, create: 0, update: 0 })
  })

  it('fails a command that was under way, which nobody knows whether to repeat', async () => {
    const words = write(`
- hosts: h2
  tasks:
    - name: Slow
      system.shell: { cmd: 'echo x >> /tmp/begun; sleep 600' }
    - name: Behind
      system.copy: { dest: /tmp/behind, content: x }
`)
    const running = runner.apply(...words)
    await until(async () => (await host.exec('cat /tmp/begun 2>/dev/null || true')) !== '')
    await host.exec(cut)
    const { exit, events, stderr } = await running
    expect(exit).to.equal(1)
    expect(stderr).to.contain('E724')
    const done = events.flatMap((event) => (event.type === 'node.done' ? [`${event.task} ${event.result}`] : []))
    expect(done).to.deep.equal(['Slow unreachable'])
    expect(await host.exec('cat /tmp/begun; ls /tmp/behind 2>&1 || true')).to.match(/^x\nls: cannot access/)
  })

  for (const { name, play, reached } of [
    { name: 'ends a rolling play where any error is fatal', play: 'serial: 1, any_errors_fatal: true', reached: [] },
    {
      name: 'is one failure among those that are allowed',
      play: 'serial: [1, 2], max_fail_percentage: 50',
      reached: ['h3', 'h4'],
    },
  ])
    it(name, async () => {
      const { socket, docker } = await startEngine()
      const words = write(`
- { hosts: h1, tasks: [{ name: Cleared, system.file: { path: TMP/never, state: absent } }] }
- hosts: web
  ${play.replaceAll(', ', '\n  ').replace('[1\n  2]', '[1, 2]')}
  tasks:
    - name: Falls silent
      system.command: { argv: [docker, -H, 'unix://${socket}', pause, ${host.id}] }
      when: inventory_hostname == 'h1'
    - name: Rolled out
      system.copy: { dest: '{{ "/tmp" if inventory_hostname == "h2" else "TMP" }}/out-{{ inventory_hostname }}', content: x }
`)
      try {
        const { exit, events, stderr } = await runner.apply(...words)
        expect(exit, stderr).to.equal(1)
        const done = events.flatMap((event) =>
          event.type === 'node.done' && event.task === 'Rolled out' ? [`${event.where} ${event.result}`] : [],
        )
        expect(done).to.include('h1 changed').and.to.include('h2 unreachable')
        expect(['h3', 'h4'].filter((one) => existsSync(join(runner.folder, `out-${one}`)))).to.deep.equal(reached)
      } finally {
        // where it was not come to, what went wrong before counts
        await docker('unpause', host.id).catch(() => '')
      }
      expect(readFileSync(join(runner.folder, 'out-h1'), 'utf8')).to.equal('x')
    })
})
