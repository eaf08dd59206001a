import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { users } from '../connections/sshd.ts'
import { changes } from '../lab/runner.ts'
import { resultsOf, sshHosts } from './ssh-hosts.ts'

/** What keys of plays and flags of the command line do on three hosts behind a real sshd. */
describe('plays over SSH', function () {
  this.timeout(120_000)
  const lab = sshHosts()
  /** Three names of one machine and user, so that all may write to the same files. */
  const alike = (): void => lab.hosts(['h1', 'h2', 'h3'].map((name) => `${name}: { user: ${users.free} }`))
  const lines = (name: string): readonly string[] => (lab.file(name) ?? '').split('\n').filter(Boolean)
  const apply = async (words: readonly string[], exit = 0) => {
    const outcome = await lab.runner.apply(...words)
    expect(outcome.exit, outcome.stderr).to.equal(exit)
    return outcome.events
  }

  it('serial: a batch is through before the next begins, and a failed one is the last', async () => {
    alike()
    const play = (fails: string): string => `
- hosts: web
  serial: 1
  tasks:
    - name: First
      system.shell: { cmd: 'echo first {{ inventory_hostname }} >> TMP/order' }
    - name: Second
      system.shell: { cmd: 'echo second {{ inventory_hostname }} >> TMP/order; ${fails}' }
`
    await apply(lab.write(play('true')))
    const order = ['h1', 'h2', 'h3'].flatMap((host) => [`first ${host}`, `second ${host}`])
    expect(lines('order')).to.deep.equal(order)
    const events = await apply(lab.write(play('test {{ inventory_hostname }} != h2')), 1)
    expect(lines('order').slice(order.length)).to.deep.equal(order.slice(0, 4))
    expect(resultsOf(events, 'Second')).to.include.members(['h1 changed', 'h2 failed'])
  })

  it('destroy leaves the user that one logs in as', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    const words = lab.write(`
- hosts: web
  become: true
  tasks:
    - name: Own
      system.user: { name: ${users.free}, groups: [daemon] }
`)
    await apply(words)
    const gone = await lab.runner.run('destroy', '--yes', ...words)
    expect(gone.exit, gone.stderr).to.equal(0)
    expect(execFileSync('id', ['-nG', users.free], { encoding: 'utf8' })).to.contain('daemon')
  })

  it('serial of growing sizes, and by percentage', async () => {
    alike()
    await apply(
      lab.write(`
- hosts: web
  serial: [1, 70%]
  tasks:
    - name: Together
      system.shell: { cmd: 'echo {{ inventory_hostname }} >> TMP/order; sleep 0.{{ 5 if inventory_hostname == "h2" else 1 }}' }
    - name: After
      system.shell: { cmd: 'echo after {{ inventory_hostname }} >> TMP/order' }
`),
    )
    expect(lines('order').slice(0, 2)).to.deep.equal(['h1', 'after h1'])
    expect(lines('order').slice(2, 4).toSorted()).to.deep.equal(['h2', 'h3'])
  })

  it('free: no host waits for another; linear: all wait after every task', async () => {
    alike()
    const play = (strategy: string): string => `
- hosts: web
  strategy: ${strategy}
  tasks:
    - name: One
      system.shell: { cmd: 'sleep {{ 1.5 if inventory_hostname == "h1" else 0 }}; echo one {{ inventory_hostname }} >> TMP/${strategy}' }
    - name: Two
      system.shell: { cmd: 'echo two {{ inventory_hostname }} >> TMP/${strategy}' }
`
    await apply(lab.write(play('free')))
    expect(lines('free').indexOf('two h2')).to.be.lessThan(lines('free').indexOf('one h1'))
    await apply(lab.write(play('linear')))
    expect(
      lines('linear')
        .slice(0, 3)
        .map((line) => line.slice(0, 3)),
    ).to.deep.equal(['one', 'one', 'one'])
  })

  it('any_errors_fatal and max_fail_percentage end the run, else the other hosts go on', async () => {
    alike()
    const play = (key: string): string => `
- hosts: web
  strategy: linear
  ${key}
  tasks:
    - name: Breaks
      system.shell: { cmd: 'test {{ inventory_hostname }} != h1' }
    - name: Goes on
      system.shell: { cmd: 'echo {{ inventory_hostname }} >> TMP/on' }
- hosts: h2
  tasks:
    - name: Next play
      system.shell: { cmd: 'echo next >> TMP/next' }
`
    await apply(lab.write(play('any_errors_fatal: false')), 1)
    expect(lines('on').toSorted()).to.deep.equal(['h2', 'h3'])
    expect(lines('next')).to.deep.equal(['next'])
    await apply(lab.write(play('any_errors_fatal: true')), 1)
    expect([lines('on').length, lines('next').length]).to.deep.equal([2, 1])
    await apply(lab.write(play('max_fail_percentage: 20')), 1)
    expect([lines('on').length, lines('next').length]).to.deep.equal([2, 1])
    await apply(lab.write(play('max_fail_percentage: 50')), 1)
    expect([lines('on').length, lines('next').length]).to.deep.equal([4, 2])
  })

  it('delegate_to: done there, with the variables of here; run_once: once, seen by all', async () => {
    const events = await apply(
      lab.write(`
- hosts: web
  tasks:
    - name: Who
      system.shell: { cmd: 'echo {{ inventory_hostname }} as $(id -un) >> TMP/who' }
      delegate_to: h2
    - name: Token
      system.shell: { cmd: 'echo token >> TMP/token; echo t-1' }
      run_once: true
      register: token
    - name: Uses it
      system.copy: { dest: 'TMP/{{ inventory_hostname }}', content: '{{ token.stdout }}' }
`),
    )
    expect(lines('who').toSorted()).to.deep.equal(['h1', 'h2', 'h3'].map((host) => `${host} as ${users.bash}`))
    expect(lines('token')).to.deep.equal(['token'])
    expect(['h1', 'h2', 'h3'].map(lab.file)).to.deep.equal(['t-1', 't-1', 't-1'])
    expect(resultsOf(events, 'Who')).to.have.length(3)
  })

  it('handlers: told by several, run once a host behind the section; not where nothing changed; by listen, too', async () => {
    alike()
    const words = lab.write(`
- hosts: h1:h2
  pre_tasks:
    - name: Early
      system.copy: { dest: 'TMP/early-{{ inventory_hostname }}', content: x }
      notify: Restart
  tasks:
    - name: Settings
      system.copy: { dest: 'TMP/settings-{{ inventory_hostname }}', content: x }
      notify: [Restart, topic]
    - name: More settings
      system.copy: { dest: 'TMP/more-{{ inventory_hostname }}', content: x }
      notify: Restart
    - name: Said
      system.shell: { cmd: 'echo tasks {{ inventory_hostname }} >> TMP/order', creates: 'TMP/said-{{ inventory_hostname }}' }
  handlers:
    - name: Restart
      system.shell: { cmd: 'echo restart {{ inventory_hostname }} >> TMP/order' }
    - name: Listens
      system.shell: { cmd: 'echo listens {{ inventory_hostname }} >> TMP/order' }
      listen: topic
`)
    await apply(words)
    const of = (host: string): readonly string[] => lines('order').filter((line) => line.endsWith(host))
    expect(of('h1')).to.deep.equal(['restart h1', 'tasks h1', 'restart h1', 'listens h1'])
    expect(of('h2')).to.deep.equal(['restart h2', 'tasks h2', 'restart h2', 'listens h2'])
    for (const host of ['h1', 'h2']) writeFileSync(join(lab.runner.folder, `said-${host}`), '')
    expect(changes(await lab.runner.plan(...words))).to.deep.equal([])
    await apply(words)
    expect(lines('order')).to.have.length(8)
  })

  it('until, retries and delay; rescue and always; ignore_errors', async () => {
    const events = await apply(
      lab.write(`
- hosts: h1
  tasks:
    - name: Third time
      system.shell: { cmd: 'echo x >> TMP/tries; wc -l < TMP/tries' }
      register: tries
      until: tries.stdout | int >= 3
      retries: 5
      delay: 0
    - name: Ignored
      system.command: { cmd: 'false' }
      ignore_errors: true
      register: ignored
    - name: Seen
      system.copy: { dest: TMP/seen, content: '{{ ignored is failed | string }}' }
    - block:
        - name: Breaks
          system.command: { cmd: 'false' }
      rescue:
        - name: Mends
          system.copy: { dest: TMP/mended, content: x }
      always:
        - name: Always
          system.copy: { dest: TMP/always, content: x }
`),
    )
    expect(lines('tries')).to.have.length(3)
    expect([lab.file('seen'), lab.file('mended'), lab.file('always')]).to.deep.equal(['true', 'x', 'x'])
    expect(resultsOf(events, 'Ignored')).to.deep.equal(['h1 ignored'])
    const never = await lab.apply(
      ...lab.write(`
- hosts: h1
  tasks:
    - name: Never
      system.shell: { cmd: 'echo x >> TMP/never' }
      register: never
      until: never.rc == 1
      retries: 2
      delay: 0
`),
    )
    expect([never.exit, lines('never').length]).to.deep.equal([1, 3])
    expect(never.stdout).to.contain('until did not become true in 3 attempts')
  })
})
