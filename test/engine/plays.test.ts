import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Event } from '../../runner/engine/event.ts'
import { changes, makeRunner, untilSaid, type Runner } from '../lab/runner.ts'

/** Plays on this machine (`connection: local`), through the command line. */
describe('plays', function () {
  this.timeout(60_000)
  let runner: Runner
  const hosts = 'web: { connection: local, hosts: [h1, h2, h3] }\n'

  beforeEach(() => {
    runner = makeRunner({})
    writeFileSync(join(runner.folder, 'hosts.yml'), hosts)
  })
  afterEach(() => runner.close())

  const write = (text: string): readonly string[] => {
    writeFileSync(join(runner.folder, 'play.yml'), text.replaceAll('TMP', runner.folder))
    return ['play.yml', '-i', 'hosts.yml']
  }
  const file = (name: string): string => readFileSync(join(runner.folder, name), 'utf8')
  const done = (events: readonly Event[], task: string): readonly string[] =>
    events
      .flatMap((event) => (event.type === 'node.done' && event.task === task ? [`${event.where} ${event.result}`] : []))
      .toSorted()

  it('do once what is to be done once, and show all hosts what it gave', async () => {
    const words = write(`
- hosts: web
  tasks:
    - name: Number
      system.shell: { cmd: 'echo x >> TMP/once; echo 42' }
      run_once: true
      register: number
    - name: Each
      system.copy: { dest: 'TMP/{{ inventory_hostname }}', content: '{{ number.stdout }}' }
`)
    const { exit, events, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    expect(file('once')).to.equal('x\n')
    expect(['h1', 'h2', 'h3'].map(file)).to.deep.equal(['42', '42', '42'])
    expect(done(events, 'Number')).to.deep.equal(['h1 changed'])
  })

  it('know all hosts as a group, where the playbook is, and of a loop what each item gave and where it is to be done', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - name: Each
      system.shell: { cmd: 'echo {{ host }}' }
      loop: '{{ groups.all }}'
      loop_control: { loop_var: host, label: '{{ host | length }} {{ inventory_hostname }} {{ host }}' }
      delegate_to: '{{ host }}'
      register: each
    - name: Known
      system.copy: { dest: '{{ playbook_dir }}/known', content: '{{ each.results[2].host }} {{ each.results[2].stdout }}' }
`)
    const { exit, events, stderr } = await runner.apply(...words)
    expect([exit, file('known')], stderr).to.deep.equal([0, 'h3 h3'])
    expect(done(events, 'Each (2 h1 h2)')).to.deep.equal(['h2 changed'])
  })

  it('go on while what is asserted holds, told by what tasks gave, and stop where it does not', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - name: Number
      system.command: { argv: [echo, "{{ said | default('42') }}"] }
      register: number
    - name: Right
      system.assert: { that: ["number.stdout == '42'", "number.stdout | length == 2"], fail_msg: "it is {{ number.stdout }}" }
    - name: Behind
      system.copy: { dest: TMP/behind, content: x }
`)
    const wrong = await runner.apply(...words, '-e', 'said=43')
    expect([wrong.exit, done(wrong.events, 'Right')]).to.deep.equal([1, ['h1 failed']])
    expect(wrong.stderr).to.contain('it is 43')
    expect(existsSync(join(runner.folder, 'behind'))).to.equal(false)
    const { exit, events, stderr } = await runner.apply(...words)
    expect([exit, done(events, 'Right')], stderr).to.deep.equal([0, ['h1 ok']])
    expect(file('behind')).to.equal('x')
  })

  it('rescue a block that failed, and always do what is always to be done', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - block:
        - name: Breaks
          system.command: { cmd: 'false' }
        - name: Not reached
          system.copy: { dest: TMP/not, content: x }
      rescue:
        - name: Mends
          system.copy: { dest: TMP/mended, content: x }
      always:
        - name: Always
          system.copy: { dest: TMP/always, content: x }
    - name: Goes on
      system.copy: { dest: TMP/on, content: x }
`)
    const { exit } = await runner.apply(...words)
    expect(exit).to.equal(0)
    expect(['not', 'mended', 'always', 'on'].map((name) => existsSync(join(runner.folder, name)))).to.deep.equal([
      false,
      true,
      true,
      true,
    ])
  })

  it('loop, notify once, and tell handlers nothing when nothing changed', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - name: Files
      system.copy: { dest: 'TMP/file-{{ item.name }}', content: '{{ item.text }}' }
      loop: [{ name: a, text: A }, { name: b, text: B }]
      notify: Told
  handlers:
    - name: Told
      system.shell: { cmd: 'echo told >> TMP/told' }
`)
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect([file('file-a'), file('file-b'), file('told')]).to.deep.equal(['A', 'B', 'told\n'])
    expect(changes(await runner.plan(...words))).to.deep.equal([])
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect(file('told')).to.equal('told\n')
  })

  it('try again until it is so, and judge by failed_when and changed_when', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - name: Third time
      system.shell: { cmd: 'echo x >> TMP/tries; wc -l < TMP/tries' }
      register: tries
      until: tries.stdout | int >= 3
      retries: 5
      delay: 0
    - name: Not a failure
      system.shell: { cmd: 'exit 3' }
      register: code
      failed_when: code.rc not in [0, 3]
      changed_when: false
    - name: A failure
      system.shell: { cmd: echo broken }
      register: said
      failed_when: "'broken' in said.stdout"
`)
    const { exit, events } = await runner.apply(...words)
    expect(exit).to.equal(1)
    expect(file('tries')).to.equal('x\nx\nx\n')
    expect(done(events, 'Not a failure')).to.deep.equal(['h1 ok'])
    expect(done(events, 'A failure')).to.deep.equal(['h1 failed'])
  })

  it('select by tags, hosts and where to start', async () => {
    const words = write(`
- hosts: web
  tasks:
    - name: One
      system.copy: { dest: 'TMP/one-{{ inventory_hostname }}', content: x }
      tags: first
    - name: Two
      system.copy: { dest: 'TMP/two-{{ inventory_hostname }}', content: x }
`)
    const tasks = async (...more: readonly string[]): Promise<readonly string[]> =>
      (await runner.plan(...words, ...more)).entries.map((entry) => `${entry.task} ${entry.where}`).toSorted()
    expect(await tasks('--tags', 'first', '--limit', 'h1')).to.deep.equal(['One h1'])
    expect(await tasks('--skip-tags', 'first', '--limit', 'web:!h1')).to.deep.equal(['Two h2', 'Two h3'])
    expect(await tasks('--start-at', 'Two', '-l', 'h3')).to.deep.equal(['Two h3'])
  })

  it('refuse a saved plan that no longer holds', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - name: Text
      system.copy: { dest: TMP/text, content: one }
`)
    expect((await runner.run('plan', ...words, '--out', 'plan.json')).exit).to.equal(0)
    writeFileSync(join(runner.folder, 'text'), 'somebody was here')
    const refused = await runner.run('apply', 'plan.json')
    expect(refused.exit).to.equal(4)
    expect(refused.stderr).to.contain('E907').and.to.contain('Text')
    expect((await runner.run('plan', ...words, '--out', 'plan.json')).exit).to.equal(0)
    expect((await runner.run('apply', 'plan.json')).exit).to.equal(0)
    expect(file('text')).to.equal('one')
  })

  it('go on with a run that failed, without doing again what it did', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - name: First
      system.shell: { cmd: 'echo x >> TMP/first' }
    - name: Second
      system.shell: { cmd: 'test -e TMP/go' }
    - name: Third
      system.shell: { cmd: 'echo x >> TMP/third' }
`)
    expect((await runner.apply(...words)).exit).to.equal(1)
    writeFileSync(join(runner.folder, 'go'), '')
    expect((await runner.apply(...words, '--resume')).exit).to.equal(0)
    expect([file('first'), file('third')]).to.deep.equal(['x\n', 'x\n'])
    const { stdout } = await runner.run('runs')
    expect(stdout)
      .to.match(/exit code 1/)
      .and.to.match(/ done /)
  })

  it('let one run at a time work on a playbook, and stop at the first Ctrl-C', async () => {
    const words = write(`
- hosts: h1
  tasks:
    - name: Slow
      system.shell: { cmd: 'touch TMP/begun; until [ -e TMP/go ]; do sleep 0.1; done; touch TMP/ended' }
    - name: Behind
      system.debug: { msg: not reached }
    - name: After
      system.shell: { cmd: 'touch TMP/after' }
`)
    const first = runner.start('apply', '--yes', '-o', 'json', ...words)
    while (!existsSync(join(runner.folder, 'begun'))) await sleep(20)
    const second = await runner.run('apply', '--yes', ...words)
    expect(second.exit).to.equal(5)
    expect(second.stderr).to.contain('E910')
    first.kill('SIGINT')
    await untilSaid(first, 'press Ctrl-C again')
    writeFileSync(join(runner.folder, 'go'), '')
    const { exitCode } = await first
    expect(exitCode).to.equal(130)
    // what was under way came to its end, nothing new was begun
    expect([existsSync(join(runner.folder, 'ended')), existsSync(join(runner.folder, 'after'))]).to.deep.equal([
      true,
      false,
    ])
  })

  it('say what is wrong without a stack trace, and end quietly when nobody reads', async () => {
    const words = write('- hosts: nowhere\n  tasks: []\n')
    const wrong = await runner.run('plan', ...words)
    expect(wrong.exit).to.equal(4)
    expect(wrong.stderr).to.contain('E132').and.not.to.contain('    at ')
  })
})
