import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { makeConnector } from '../../runner/connections/connect.ts'
import type { Place, Step } from '../../runner/connections/connection.ts'
import { sshLab, whoami } from './ssh-lab.ts'
import { makeKey, users } from './sshd.ts'
import { stepCases } from './step-cases.ts'
import { failing, killAll } from './watching.ts'

describe('hosts over SSH', () => {
  const lab = sshLab()

  describe('steps with dash', () => stepCases(() => lab.reach({}), users.free))
  describe('steps with bash as login shell', () => stepCases(() => lab.reach({ user: users.bash }), users.bash))

  describe('host keys', () => {
    it('pins the key of a new host, says so once, and accepts it from then on', async () => {
      const pins = join(lab.home, 'new', 'pins')
      const first = lab.reach({}, { pins })
      expect(await lab.said(first)).to.equal(users.free)
      expect(first.notices.join()).to.match(/host key of box pinned.*SHA256:/)
      expect(readFileSync(pins, 'utf8')).to.equal(`[127.0.0.1]:${lab.sshd.port} ${lab.sshd.hostKey}\n`)
      const second = lab.reach({}, { pins })
      expect(await lab.said(second)).to.equal(users.free)
      expect(second.notices).to.deep.equal([])
    })

    it('refuses another key than the one pinned, and names the line', async () => {
      const pins = join(lab.home, 'changed')
      makeKey(join(lab.home, 'other'))
      const other = readFileSync(join(lab.home, 'other.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
      writeFileSync(pins, `# pinned\n[127.0.0.1]:${lab.sshd.port} ${other}\n`)
      const error = await failing(lab.reach({}, { pins }).open())
      expect(error).to.include({ code: 'E721', passing: false })
      expect(error.message.match(/SHA256:/g)).to.have.length(2)
      expect(error).to.have.property('hint').that.contains(`${pins}:2`)
    })

    it('pins by another name than the address, and takes only keys that were given', async () => {
      const pins = join(lab.home, 'by-id')
      expect(await lab.said(lab.reach({ pinAs: 'i-0abc' }, { pins }))).to.equal(users.free)
      expect(readFileSync(pins, 'utf8')).to.equal(`i-0abc ${lab.sshd.hostKey}\n`)
      expect(
        await lab.said(lab.reach({ hostKeys: [lab.sshd.hostKey] }, { pins: join(lab.home, 'untouched') })),
      ).to.equal(users.free)
      expect(existsSync(join(lab.home, 'untouched'))).to.equal(false)
      makeKey(join(lab.home, 'given'))
      const wrong = readFileSync(join(lab.home, 'given.pub'), 'utf8')
      expect(await failing(lab.reach({ hostKeys: [wrong] }).open())).to.include({ code: 'E721' })
    })

    it('finds hashed names in known_hosts', async () => {
      const known = join(lab.home, 'hashed')
      writeFileSync(known, `[127.0.0.1]:${lab.sshd.port} ${lab.sshd.hostKey}\n`)
      execFileSync('ssh-keygen', ['-q', '-H', '-f', known], { stdio: 'ignore' })
      expect(readFileSync(known, 'utf8')).to.match(/^\|1\|/)
      const config = join(lab.home, 'config-hashed')
      writeFileSync(config, `Host *\n  UserKnownHostsFile ${known}\n  StrictHostKeyChecking yes\n`)
      expect(await lab.said(lab.reach({}, { config, pins: join(lab.home, 'none') }))).to.equal(users.free)
      writeFileSync(config, `Host *\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n`)
      const strict = join(lab.home, 'config-strict')
      writeFileSync(strict, readFileSync(config))
      expect(await failing(lab.reach({}, { config: strict, pins: join(lab.home, 'none') }).open())).to.include({
        code: 'E721',
      })
    })
  })

  describe('login', () => {
    it('says what it tried when no key is accepted', async () => {
      makeKey(join(lab.home, 'wrong'))
      const error = await failing(lab.reach({ identity: join(lab.home, 'wrong') }).open())
      expect(error).to.include({ code: 'E726', passing: false })
      expect(error.message).to.contain(join(lab.home, 'wrong')).and.contain(users.free)
    })

    it('asks for the passphrase of a key', async () => {
      const file = join(lab.home, 'locked')
      writeFileSync(file, readFileSync(lab.sshd.key), { mode: 0o600 })
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', file], { stdio: 'ignore' })
      expect(
        await lab.said(lab.reach({ identity: file }, { askPassphrase: () => Promise.resolve('open sesame') })),
      ).to.equal(users.free)
      expect(await failing(lab.reach({ identity: file }).open())).to.include({ code: 'E727' })
    })

    it('takes keys from the agent', async () => {
      const socket = join(lab.home, 'agent')
      const pid = Number(/AGENT_PID=(\d+)/.exec(execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' }))?.[1])
      try {
        execFileSync('ssh-add', [lab.sshd.key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
        const config = join(lab.home, 'config-agent')
        writeFileSync(
          config,
          `Host *\n  IdentityAgent ${socket}\n  IdentityFile ${join(lab.home, 'locked')}\n  IdentitiesOnly yes\n`,
        )
        writeFileSync(join(lab.home, 'locked.pub'), readFileSync(`${lab.sshd.key}.pub`))
        expect(await lab.said(lab.reach({ identity: join(lab.home, 'locked') }, { config }))).to.equal(users.free)
      } finally {
        process.kill(pid)
      }
    })

    it('follows ssh_config: aliases, included files, and hosts to go through', async () => {
      const config = join(lab.home, 'config-jump')
      writeFileSync(
        join(lab.home, 'included'),
        `Host inner\n  HostName 127.0.0.1\n  Port ${lab.sshd.port}\n  User ${users.bash}\n  ProxyJump outer\n`,
      )
      writeFileSync(
        config,
        `Include ${join(lab.home, 'included')}\nIdentityFile ${lab.sshd.key}\nHost outer\n  HostName 127.0.0.1\n  Port ${lab.sshd.port}\n  User ${users.none}\n`,
      )
      const place: Place = { name: 'inner', connection: 'ssh' }
      const connector = makeConnector({
        home: lab.home,
        user: 'nobody',
        knownHostsFile: join(lab.home, 'pins'),
        sshConfigFile: config,
        onNotice: () => undefined,
      })
      lab.opened(connector)
      const before = lab.sshd.serving().length
      expect(await lab.said(connector.connect(place))).to.equal(users.bash)
      // each of the two has a part with privileges and one without
      expect(lab.sshd.serving().length - before).to.equal(4)
      expect(connector.connect(place)).to.equal(connector.connect(place))
    })

    it('tells a closed port from a name that does not exist', async () => {
      const refused = await failing(lab.reach({ port: 1 }).open())
      expect(refused).to.include({ code: 'E720', passing: true })
      expect(refused.message).to.contain('refuses')
      const unknown = await failing(lab.reach({ address: 'no-such-host.invalid' }).open())
      expect(unknown).to.have.property('code', 'E720')
      expect(unknown.message).to.contain('no-such-host.invalid')
    })
  })

  it('says that the link was cut, and connects again', async () => {
    const before = lab.sshd.serving()
    const connection = lab.reach({})
    await connection.open()
    const running = failing(connection.run([{ kind: 'exec', argv: ['sleep', '600'] }]))
    await wait(300)
    // the part without privileges holds the socket
    const ours = lab.sshd.serving().filter((one) => !before.includes(one))
    killAll(ours.toReversed())
    expect(await running).to.include({ code: 'E724', passing: true })
    expect(await lab.said(connection)).to.equal(users.free)
  })

  it('answers 50 probes in one round trip, started by one message', async () => {
    const connection = lab.reach({})
    await lab.said(connection)
    const one = await least(() => connection.run([whoami]))
    const probes = Array.from({ length: 50 }, (_, index): Step => ({
      kind: 'script',
      text: 'printf %s "$1"',
      args: [String(index)],
    }))
    let outputs: readonly { stdout: string }[] = []
    const many = await least(async () => (outputs = await connection.run(probes)))
    expect(outputs.map(({ stdout }) => Number(stdout))).to.deep.equal(probes.map((_, index) => index))
    expect(many).to.be.lessThan(one + 300)
  })
})

/** Milliseconds that it takes, of three times the shortest: what the machine did beside is not in it. */
async function least(work: () => Promise<unknown>): Promise<number> {
  let milliseconds = Number.POSITIVE_INFINITY
  for (let times = 0; times < 3; times += 1) {
    const started = performance.now()
    await work()
    milliseconds = Math.min(milliseconds, performance.now() - started)
  }
  return milliseconds
}
