import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { consoleKeys } from '../../runner/modules/aws/instance/console-keys.ts'
import { startSshd, users, type Sshd } from '../connections/sshd.ts'
import { writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { consoleOutput, type Consoles } from '../lab/overlay/console-output.ts'
import { makeRules } from '../lab/overlay/rules.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

const block = (key: string): string =>
  `[  12.0] cloud-init[7]: ci-info\r\n-----BEGIN SSH HOST KEY KEYS-----\r\necdsa-sha2-nistp256 ${'A'.repeat(60)} root@web\r\n<14>cloud-init: ${key} root@web\r\n-----END SSH HOST KEY KEYS-----\r\n`
const stranger = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5b2Zv2wTfhmCpZfv0pNb2bOVyC0K3QdS2s2pAfrmXb'

describe('the console of an instance', () => {
  it('names host keys, once it has started', () => {
    expect(consoleKeys('')).to.deep.equal({ done: false })
    expect(consoleKeys('-----BEGIN SSH HOST KEY KEYS-----\nssh-ed')).to.deep.equal({ done: false })
    expect(consoleKeys('Cloud-init v. 24.1 finished at Mon')).to.deep.equal({ done: true })
    expect(consoleKeys('Debian GNU/Linux 13 web ttyS0\n\nweb login: ')).to.deep.equal({ done: true })
    expect(consoleKeys(block('ssh-ed25519 short') + block(stranger))).to.deep.equal({
      keys: [`ecdsa-sha2-nistp256 ${'A'.repeat(60)}`, stranger],
    })
  })
})

describe('the host key of a new instance', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let sshd: Sshd
  const consoles: Consoles = { text: () => undefined }
  const words = ['playbooks/site.yml', '-i', 'inventory/lab.yml', '-F', 'ssh_config']
  const known = (): string => readFileSync(join(runner.folder, 'state', 'runner', 'known_hosts'), 'utf8')

  before(async () => {
    sshd = await startSshd()
    emulator = await startEmulator({ rules: (courses) => [consoleOutput(consoles), ...makeRules(courses)] })
    runner = makeRunner(emulator.env)
    writeFileSync(
      join(runner.folder, 'ssh_config'),
      `Host *\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${users.free}\n  IdentityFile ${sshd.key}\n  IdentityAgent none\n  UserKnownHostsFile /dev/null\n`,
    )
    writePlaybook(
      runner,
      'site.yml',
      `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Host
      aws.instance:
        name: web
        group: fresh
        image: ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id
        type: t3.small
        root_volume: { size: 8 }
- hosts: fresh
  tasks:
    - name: Something
      system.command: { cmd: "true" }
`,
    )
  })
  after(async () => {
    runner?.close()
    await Promise.all([emulator?.close(), sshd?.stop()])
  })
  beforeEach(async () => {
    await emulator.empty()
    rmSync(join(runner.folder, 'state'), { recursive: true, force: true })
  })

  it('is the one on its console, which may come late; it is pinned by its id', async () => {
    let looks = 0
    consoles.text = () => (++looks < 3 ? '' : block(sshd.hostKey))
    const { exit, stdout, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit, stderr).to.equal(0)
    expect(looks).to.equal(3)
    expect(stdout).to.contain('as AWS shows it on the console')
    expect(known()).to.match(/^i-[0-9a-f]+ ssh-ed25519 /)
    emulator.clear()
    expect((await runner.run('apply', '--yes', ...words)).exit).to.equal(0)
    expect(emulator.calls()).not.to.have.property('ec2:GetConsoleOutput')
  })

  it('is refused when it is another', async () => {
    consoles.text = () => block(stranger)
    const { exit, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).to.contain('E721').and.to.contain('on the console of i-')
  })

  it('is taken as it comes where the console says none, and that is said', async () => {
    consoles.text = () => undefined
    const { exit, stdout, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit, stderr).to.equal(0)
    expect(stdout).to.contain('its console does not say its host keys')
    expect(known()).to.match(/^i-[0-9a-f]+ ssh-ed25519 /)
  })
})
