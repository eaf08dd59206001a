import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { commandLines, killAll } from '../connections/watching.ts'
import { makeKey, users } from '../connections/sshd.ts'
import type { Outcome } from '../lab/runner.ts'
import { sshHosts } from './ssh-hosts.ts'

const twoFiles = `
- hosts: web
  tasks:
    - name: First
      system.copy: { dest: 'TMP/{{ inventory_hostname }}', content: x }
    - name: Second
      system.copy: { dest: 'TMP/second-{{ inventory_hostname }}', content: x }
`

/** What is wrong with hosts, through the command line: said once and with a way out, and nothing is half done. */
describe('bad hosts', function () {
  this.timeout(120_000)
  const lab = sshHosts()

  const refused = ({ exit, stdout, stderr }: Outcome, ...said: readonly string[]): void => {
    expect(exit, stderr).to.equal(1)
    for (const part of said) expect(`${stdout}${stderr}`).to.contain(part)
    expect(stderr).to.not.match(/^\s+at .*:\d+:\d+/m)
    expect(stderr.match(/^error\[/gm), stderr).to.have.length(1)
    // a plan with a gap is not begun, on no host
    expect(['h1', 'second-h1', 'h2', 'second-h2'].map((name) => lab.file(name))).to.deep.equal(
      Array.from({ length: 4 }, () => undefined),
    )
  }

  it('one that cannot be reached keeps all from being begun, and can be left out', async () => {
    lab.hosts([`h1: { user: ${users.free} }`, 'h2: { port: 1 }'])
    const words = lab.write(twoFiles)
    refused(await lab.apply(...words), 'E720', 'h2', 'refuses the connection', "--limit 'all:!h2'")
    expect((await lab.apply(...words, '--limit', 'all:!h2')).exit).to.equal(0)
    expect([lab.file('h1'), lab.file('h2')]).to.deep.equal(['x', undefined])
  })

  it('another host key than the pinned one', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    makeKey(join(lab.runner.folder, 'other'))
    const other = readFileSync(join(lab.runner.folder, 'other.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
    writeFileSync(lab.pins, `[127.0.0.1]:${lab.sshd.port} ${other}\n`)
    refused(await lab.apply(...lab.write(twoFiles)), 'E721', 'another host key', `${lab.pins}:1`)
    expect(readFileSync(lab.pins, 'utf8')).to.contain(other)
  })

  it('a key that the host does not take', async () => {
    makeKey(join(lab.runner.folder, 'strange'))
    lab.hosts([`h1: { user: ${users.free} }`], join(lab.runner.folder, 'strange'))
    refused(await lab.apply(...lab.write(twoFiles)), 'E726', 'strange', `ssh -p ${lab.sshd.port}`)
  })

  it('a user who may not become root', async () => {
    lab.hosts([`h3: { user: ${users.none}, become: true }`])
    refused(await lab.apply(...lab.write(twoFiles)), 'E722', 'h3', '--ask-become-pass')
  })

  it('a full disk: the old file stays, nothing is left beside it, and room mends it', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    const small = join(lab.runner.folder, 'small')
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=1777', 'tmpfs', small])
    try {
      writeFileSync(join(lab.runner.folder, 'big'), 'x'.repeat(300_000))
      writeFileSync(join(small, 'big'), 'old')
      execFileSync('chown', [`${users.free}:`, join(small, 'big')])
      const words = lab.write(`
- hosts: web
  tasks:
    - name: Big
      system.copy: { dest: TMP/small/big, src: big }
    - name: After
      system.copy: { dest: TMP/after, content: x }
`)
      const { exit, stdout, stderr } = await lab.apply(...words)
      expect([exit, stderr]).to.deep.equal([1, ''])
      expect(stdout).to.contain('No space left on device').and.to.contain('df -h')
      expect(readdirSync(small)).to.deep.equal(['big'])
      expect([readFileSync(join(small, 'big'), 'utf8'), lab.file('after')]).to.deep.equal(['old', undefined])
      execFileSync('mount', ['-o', 'remount,size=2m', small])
      const second = await lab.apply(...words)
      expect(second.exit, second.stdout + second.stderr).to.equal(0)
      expect([readFileSync(join(small, 'big')).length, lab.file('after')]).to.deep.equal([300_000, 'x'])
    } finally {
      execFileSync('umount', [small])
    }
  })

  it('a link that is cut in the middle of a command: not repeated by itself, taken up by the next run', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    const words = lab.write(`
- hosts: web
  tasks:
    - name: Before
      system.copy: { dest: TMP/before, content: x }
    - name: Long
      system.shell: { cmd: 'touch TMP/begun; sleep 600; echo x >> TMP/long', creates: TMP/long }
    - name: After
      system.copy: { dest: TMP/after, content: x }
`)
    const others = lab.sshd.serving()
    const running = lab.apply(...words)
    await lab.there('begun')
    killAll(
      lab.sshd
        .serving()
        .filter((one) => !others.includes(one))
        .toReversed(),
    )
    const { exit, stderr } = await running
    expect([exit, stderr.includes('E724'), stderr.includes('what was done stays done')]).to.deep.equal([1, true, true])
    expect([lab.file('before'), lab.file('long'), lab.file('after')]).to.deep.equal(['x', undefined, undefined])
    writeFileSync(join(lab.runner.folder, 'long'), '')
    expect((await lab.apply(...words)).exit).to.equal(0)
    expect(lab.file('after')).to.equal('x')
  })

  it('a link that is cut while files are put in place: connected again, and done', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    const words = lab.write(`
- hosts: web
  tasks:
    - name: Checked
      system.copy: { dest: TMP/checked, content: x, validate: 'sh TMP/check %s' }
`)
    writeFileSync(
      join(lab.runner.folder, 'check'),
      `[ -e ${lab.runner.folder}/begun ] || { touch ${lab.runner.folder}/begun; sleep 600; }\n`,
    )
    const others = lab.sshd.serving()
    const running = lab.apply(...words)
    await lab.there('begun')
    killAll(
      lab.sshd
        .serving()
        .filter((one) => !others.includes(one))
        .toReversed(),
    )
    const { exit, stderr } = await running
    expect([exit, stderr, lab.file('checked')]).to.deep.equal([0, '', 'x'])
  })

  it('a task that cannot be done among those that are sent together: it is the one that is named, and those before it are done', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    const words = lab.write(`
- hosts: web
  tasks:
    - name: Before
      system.copy: { dest: TMP/before, content: x }
    - name: Told everybody
      system.copy: { dest: TMP/told, content: x, validate: "test 'x %s" }
    - name: After
      system.copy: { dest: TMP/after, content: x }
`)
    const { exit, stdout, stderr } = await lab.apply(...words)
    expect(exit).to.equal(1)
    expect(stderr).to.contain('E753').and.contain('play.yml:6:')
    expect(stdout).to.contain('✔ Before').and.contain('✗ Told everybody').and.not.contain('After failed')
    expect([lab.file('before'), lab.file('after')]).to.deep.equal(['x', undefined])
  })

  it('a secret on a command line is refused by the plan, so that nothing is begun', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    writeFileSync(join(lab.runner.folder, 'script'), ':')
    const words = lab.write(`
- hosts: web
  tasks:
    - name: First
      system.copy: { dest: TMP/first, content: x }
    - name: Told everybody
      system.script: { src: script, args: [!secret 'env:HOME'] }
`)
    const { exit, stderr } = await lab.apply(...words)
    expect([exit, lab.file('first')], stderr).to.deep.equal([1, undefined])
    expect(stderr).to.contain('E753').and.contain('play.yml:7:')
  })

  it('tasks that cannot be compared: all of them are told at once, and what is to be done beside them', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    const words = lab.write(`
- hosts: web
  tasks:
    - name: Fine
      system.copy: { dest: TMP/fine, content: x }
    - name: Closed
      system.line: { path: /root/a, line: x }
    - name: Closed, too
      system.line: { path: /root/b, line: x }
    - name: As fine
      system.copy: { dest: TMP/as-fine, content: x }
`)
    const { stdout, stderr, exit } = await lab.runner.run('plan', '-o', 'plain', ...words)
    expect(exit).to.equal(1)
    expect(stderr.match(/^ {2}--> .*$/gm)).to.deep.equal(['  --> play.yml:6:13', '  --> play.yml:8:13'])
    expect(stdout).to.contain('2 to create, 2 not known yet')
    expect(stdout)
      .to.match(/^\+ Fine/m)
      .and.match(/^\+ As fine/m)
      .and.match(/^\? Closed, too/m)
  })

  it('a task that takes longer than it may is ended on the host, too', async () => {
    lab.hosts([`h1: { user: ${users.free} }`])
    // so long that no other process on this machine sleeps as long
    const long = 200_000 + process.pid
    const { exit, stdout, stderr } = await lab.apply(
      ...lab.write(
        `- hosts: web\n  tasks:\n    - name: Endless\n      system.command: { cmd: sleep ${long} }\n      timeout: 1\n`,
      ),
    )
    expect([exit, `${stdout}${stderr}`.includes('E725')], stdout).to.deep.equal([1, true])
    expect(commandLines().filter((line) => line.includes(`sleep\0${long}`))).to.deep.equal([])
  })
})
