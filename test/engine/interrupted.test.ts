import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { execa } from 'execa'
import { commandLines } from '../connections/watching.ts'
import { users } from '../connections/sshd.ts'
import { untilSaid } from '../lab/runner.ts'
import { sshHosts } from './ssh-hosts.ts'

const program = fileURLToPath(new URL('../../bin/runner.js', import.meta.url))

/** Ctrl-C once and twice, runs that meet, plans that no longer hold: through the command line, on a host behind SSH. */
describe('interrupted runs', function () {
  this.timeout(120_000)
  const lab = sshHosts()

  /** So long that no other process on this machine sleeps as long. */
  const long = 100_000 + process.pid

  /** Three tasks, of which the second takes long. */
  const steps = (wait: string): readonly string[] =>
    lab.write(`
- hosts: h1
  tasks:
    - name: One
      system.shell: { cmd: 'echo x >> TMP/one' }
    - name: Slow
      system.shell: { cmd: 'touch TMP/begun; ${wait}; echo x >> TMP/slow' }
      timeout: 99
    - name: Three
      system.shell: { cmd: 'echo x >> TMP/three' }
`)

  const untilGo = 'until [ -e TMP/go ]; do sleep 0.1; done'
  const go = (): void => writeFileSync(join(lab.runner.folder, 'go'), '')

  it('the first Ctrl-C lets the task come to its end and begins nothing more; --resume does the rest, and nothing twice', async () => {
    const words = steps(untilGo)
    const first = lab.runner.start('apply', '--yes', '-o', 'plain', ...words)
    await lab.there('begun')
    first.kill('SIGINT')
    await untilSaid(first, 'press Ctrl-C again')
    go()
    const { exitCode, stderr } = await first
    expect([exitCode, String(stderr).includes('press Ctrl-C again')]).to.deep.equal([130, true])
    expect(['one', 'slow', 'three'].map(lab.file)).to.deep.equal(['x\n', 'x\n', undefined])
    const { exit, stdout } = await lab.apply(...words, '--resume')
    expect(exit, stdout).to.equal(0)
    expect(stdout).to.contain('goes on with ')
    expect(['one', 'slow', 'three'].map(lab.file)).to.deep.equal(['x\n', 'x\n', 'x\n'])
    // now there is nothing to go on with
    const nothing = await lab.apply(...words, '--resume')
    expect([nothing.exit, nothing.stderr.includes('E909')]).to.deep.equal([4, true])
  })

  it('a terminal that goes away is like the first Ctrl-C, however often that is told', async () => {
    const run = lab.runner.start('apply', '--yes', '-o', 'plain', ...steps(untilGo))
    await lab.there('begun')
    run.kill('SIGHUP')
    await untilSaid(run, 'press Ctrl-C again')
    run.kill('SIGHUP')
    go()
    expect((await run).exitCode).to.equal(130)
    expect(['one', 'slow', 'three'].map(lab.file)).to.deep.equal(['x\n', 'x\n', undefined])
  })

  it('the second Ctrl-C cuts what runs, on the host, too', async () => {
    const words = steps(`sleep ${long}`)
    const child = lab.runner.start('apply', '--yes', '-o', 'plain', ...words)
    await lab.there('begun')
    child.kill('SIGINT')
    await untilSaid(child, 'press Ctrl-C again')
    const cut = Date.now()
    child.kill('SIGINT')
    const { exitCode, stderr } = await child
    expect(exitCode, String(stderr)).to.equal(130)
    expect(Date.now() - cut).to.be.lessThan(20_000)
    expect(['slow', 'three'].map(lab.file)).to.deep.equal([undefined, undefined])
    for (let left = 50; left > 0 && commandLines().some((line) => line.includes(`sleep\0${long}`)); left--)
      await sleep(100)
    expect(commandLines().filter((line) => line.includes(`sleep\0${long}`))).to.deep.equal([])
    // the lock went with it
    expect((await lab.runner.run('plan', ...words)).exit).to.equal(0)
    const { exit, stderr: said } = await lab.apply(...steps('true'), '--resume')
    expect([exit, said]).to.deep.equal([0, ''])
    expect(lab.file('one')).to.equal('x\n')
  })

  it('two runs at once: the second says who is at work (exit code 5), or waits with --lock-wait', async () => {
    const words = steps(untilGo)
    const first = lab.runner.start('apply', '--yes', '-o', 'plain', ...words)
    await lab.there('begun')
    const refused = await lab.apply(...words)
    expect([refused.exit, refused.stderr.includes('E910'), refused.stderr.includes('--lock-wait')]).to.deep.equal([
      5,
      true,
      true,
    ])
    expect((await lab.runner.run('destroy', '--yes', ...words)).exit).to.equal(5)
    // who only looks is not kept out
    expect((await lab.runner.run('plan', ...words)).exit).to.equal(0)
    const waiting = lab.apply(...words, '--lock-wait', '60')
    await sleep(1000)
    go()
    const waited = await waiting
    expect([waited.exit, (await first).exitCode]).to.deep.equal([0, 0])
    expect(lab.file('three')).to.equal('x\nx\n')
  })

  it('a lock that a killed run left behind keeps nobody out', async () => {
    const words = steps(`sleep ${long}`)
    const first = lab.runner.start('apply', '--yes', '-o', 'plain', ...words)
    await lab.there('begun')
    first.kill('SIGKILL')
    await first
    const { exit, stdout } = await lab.apply(...steps('true'))
    expect(exit, stdout).to.equal(0)
  })

  it('a saved plan is refused when the playbook, its variables or what it saw has moved, and else done exactly', async () => {
    const write = (content: string): readonly string[] =>
      lab.write(`
- hosts: h1
  tasks:
    - name: Text
      system.copy: { dest: TMP/text, content: '${content}' }
`)
    const plan = join(lab.runner.folder, 'plan.json')
    const save = async (words: readonly string[]): Promise<void> =>
      void expect((await lab.runner.run('plan', ...words, '--out', plan)).exit).to.equal(0)
    const refused = async (why: string): Promise<void> => {
      const { exit, stderr } = await lab.runner.run('apply', plan)
      expect([exit, stderr.includes('E907'), stderr.includes('--out')], stderr).to.deep.equal([4, true, true])
      expect(stderr).to.contain(why)
      expect(stderr).to.not.match(/^\s+at /m)
    }
    await save(write('one'))
    write('two')
    await refused('Text')
    expect(lab.file('text')).to.equal(undefined)
    await save(write('one'))
    lab.hosts([`h1: { user: ${users.free}, vars: { more: 1 } }`])
    expect((await lab.runner.run('apply', plan)).exit).to.equal(4)
    lab.hosts()
    await save(write('one'))
    writeFileSync(join(lab.runner.folder, 'text'), 'somebody else')
    execFileSync('chown', [`${users.free}:`, join(lab.runner.folder, 'text')])
    await refused('Text')
    expect(lab.file('text')).to.equal('somebody else')
    await save(write('one'))
    const done = await lab.runner.run('apply', plan)
    expect([done.exit, lab.file('text')]).to.deep.equal([0, 'one'])
    expect((await lab.runner.run('apply', plan)).exit).to.equal(4)
    writeFileSync(plan, '{"format": 1}')
    const { exit, stderr } = await lab.runner.run('apply', plan)
    expect([exit, stderr.includes('E906')]).to.deep.equal([4, true])
  })

  it('an apply whose reader goes away is done to its end', async () => {
    const words = steps('sleep 1')
    const { exitCode, stdout } = await execa({
      shell: true,
      cwd: lab.runner.folder,
      reject: false,
      env: { XDG_STATE_HOME: join(lab.runner.folder, 'state') },
    })`${process.execPath} ${program} apply --yes ${words.join(' ')} | head -n 1`
    expect([exitCode, stdout !== '']).to.deep.equal([0, true])
    await lab.there('three')
    expect(existsSync(join(lab.runner.folder, 'three'))).to.equal(true)
    const journals = (await lab.runner.run('runs')).stdout
    expect(journals).to.contain(' done ')
  })

  it('is not begun without a terminal to ask, and says how', async () => {
    const { exit, stderr } = await lab.runner.run('apply', ...steps('true'))
    expect([exit, stderr.includes('E908'), stderr.includes('--yes')]).to.deep.equal([4, true, true])
    expect(lab.file('one')).to.equal(undefined)
    expect(readFileSync(lab.pins, 'utf8')).to.contain('ssh-ed25519')
  })
})
