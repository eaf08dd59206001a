import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { makeConnector, type Connector } from '../../runner/connections/connect.ts'
import type { Connection, Place, Step } from '../../runner/connections/connection.ts'
import { Secret } from '../../runner/secret.ts'
import { makeKey, password, startSshd, users, type Sshd } from './sshd.ts'
import { commandLines, failing, stepCases } from './step-cases.ts'

const whoami: Step = { kind: 'exec', argv: ['id', '-un'] }

describe('hosts over SSH', () => {
  let sshd: Sshd
  let home: string
  const connectors: Connector[] = []
  const notices: string[] = []

  before(async () => {
    sshd = await startSshd()
    home = mkdtempSync(join(tmpdir(), 'home-'))
  })
  after(async () => {
    await Promise.all(connectors.map((one) => one.close()))
    await sshd.stop()
    rmSync(home, { recursive: true, force: true })
  })

  /** A connection as a run of its own would have; `pins` is the file of pinned keys. */
  function reach(
    place: Partial<Place>,
    more: { pins?: string; config?: string; askPassphrase?: () => Promise<string | undefined> } = {},
  ): Connection {
    const connector = makeConnector({
      home,
      user: users.free,
      knownHostsFile: more.pins ?? join(home, 'pins'),
      onNotice: (where, text) => notices.push(`${where}: ${text}`),
      ...(more.askPassphrase && { askPassphrase: more.askPassphrase }),
      ...(more.config !== undefined && { sshConfigFile: more.config }),
    })
    connectors.push(connector)
    return connector.connect({
      name: 'box',
      connection: 'ssh',
      address: '127.0.0.1',
      port: sshd.port,
      user: users.free,
      identity: sshd.key,
      ...place,
    })
  }

  async function said(connection: Connection, become?: string): Promise<string | undefined> {
    return (await connection.run([whoami], become === undefined ? {} : { become }))[0]?.stdout.trim()
  }

  describe('steps with dash', () => stepCases(() => reach({}), users.free))
  describe('steps with bash as login shell', () => stepCases(() => reach({ user: users.bash }), users.bash))

  describe('host keys', () => {
    it('pins the key of a new host, says so once, and accepts it from then on', async () => {
      const pins = join(home, 'new', 'pins')
      const first = reach({}, { pins })
      expect(await said(first)).to.equal(users.free)
      expect(first.notices.join()).to.match(/host key of box pinned.*SHA256:/)
      expect(readFileSync(pins, 'utf8')).to.equal(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`)
      const second = reach({}, { pins })
      expect(await said(second)).to.equal(users.free)
      expect(second.notices).to.deep.equal([])
    })

    it('refuses another key than the one pinned, and names the line', async () => {
      const pins = join(home, 'changed')
      makeKey(join(home, 'other'))
      const other = readFileSync(join(home, 'other.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
      writeFileSync(pins, `# pinned\n[127.0.0.1]:${sshd.port} ${other}\n`)
      const error = await failing(reach({}, { pins }).open())
      expect(error).to.include({ code: 'E721', passing: false })
      expect(error.message.match(/SHA256:/g)).to.have.length(2)
      expect(error).to.have.property('hint').that.contains(`${pins}:2`)
    })

    it('pins by another name than the address, and takes only keys that were given', async () => {
      const pins = join(home, 'by-id')
      expect(await said(reach({ pinAs: 'i-0abc' }, { pins }))).to.equal(users.free)
      expect(readFileSync(pins, 'utf8')).to.equal(`i-0abc ${sshd.hostKey}\n`)
      expect(await said(reach({ hostKeys: [sshd.hostKey] }, { pins: join(home, 'untouched') }))).to.equal(users.free)
      expect(existsSync(join(home, 'untouched'))).to.equal(false)
      makeKey(join(home, 'given'))
      const wrong = readFileSync(join(home, 'given.pub'), 'utf8')
      expect(await failing(reach({ hostKeys: [wrong] }).open())).to.include({ code: 'E721' })
    })

    it('finds hashed names in known_hosts', async () => {
      const known = join(home, 'hashed')
      writeFileSync(known, `[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`)
      execFileSync('ssh-keygen', ['-q', '-H', '-f', known], { stdio: 'ignore' })
      expect(readFileSync(known, 'utf8')).to.match(/^\|1\|/)
      const config = join(home, 'config-hashed')
      writeFileSync(config, `Host *\n  UserKnownHostsFile ${known}\n  StrictHostKeyChecking yes\n`)
      expect(await said(reach({}, { config, pins: join(home, 'none') }))).to.equal(users.free)
      writeFileSync(config, `Host *\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n`)
      const strict = join(home, 'config-strict')
      writeFileSync(strict, readFileSync(config))
      expect(await failing(reach({}, { config: strict, pins: join(home, 'none') }).open())).to.include({ code: 'E721' })
    })
  })

  describe('login', () => {
    it('says what it tried when no key is accepted', async () => {
      makeKey(join(home, 'wrong'))
      const error = await failing(reach({ identity: join(home, 'wrong') }).open())
      expect(error).to.include({ code: 'E726', passing: false })
      expect(error.message).to.contain(join(home, 'wrong')).and.contain(users.free)
    })

    it('asks for the passphrase of a key', async () => {
      const file = join(home, 'locked')
      writeFileSync(file, readFileSync(sshd.key), { mode: 0o600 })
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', file], { stdio: 'ignore' })
      expect(await said(reach({ identity: file }, { askPassphrase: () => Promise.resolve('open sesame') }))).to.equal(
        users.free,
      )
      expect(await failing(reach({ identity: file }).open())).to.include({ code: 'E727' })
    })

    it('takes keys from the agent', async () => {
      const socket = join(home, 'agent')
      const pid = Number(/AGENT_PID=(\d+)/.exec(execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' }))?.[1])
      try {
        execFileSync('ssh-add', [sshd.key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
        const config = join(home, 'config-agent')
        writeFileSync(config, `Host *\n  IdentityAgent ${socket}\n  IdentityFile ${join(home, 'absent')}\n`)
        expect(await said(reach({ identity: join(home, 'absent') }, { config }))).to.equal(users.free)
      } finally {
        process.kill(pid)
      }
    })

    it('follows ssh_config: aliases, included files, and hosts to go through', async () => {
      const config = join(home, 'config-jump')
      writeFileSync(
        join(home, 'included'),
        `Host inner\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${users.bash}\n  ProxyJump outer\n`,
      )
      writeFileSync(
        config,
        `Include ${join(home, 'included')}\nHost outer\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${users.none}\nHost *\n  IdentityFile ${sshd.key}\n`,
      )
      const place: Place = { name: 'inner', connection: 'ssh' }
      const connector = makeConnector({
        home,
        user: 'nobody',
        knownHostsFile: join(home, 'pins'),
        sshConfigFile: config,
        onNotice: () => undefined,
      })
      connectors.push(connector)
      const before = sshd.serving().length
      expect(await said(connector.connect(place))).to.equal(users.bash)
      // each of the two has a part with privileges and one without
      expect(sshd.serving().length - before).to.equal(4)
      expect(connector.connect(place)).to.equal(connector.connect(place))
    })

    it('tells a closed port from a name that does not exist', async () => {
      const refused = await failing(reach({ port: 1 }).open())
      expect(refused).to.include({ code: 'E720', passing: true })
      expect(refused.message).to.contain('refuses')
      const unknown = await failing(reach({ address: 'no-such-host.invalid' }).open())
      expect(unknown).to.have.property('code', 'E720')
      expect(unknown.message).to.contain('no-such-host.invalid')
    })
  })

  describe('other users', () => {
    it('becomes root and others through sudo, and stays itself where nothing is to be done', async () => {
      const connection = reach({})
      expect(await said(connection, 'root')).to.equal('root')
      expect(await said(connection, users.none)).to.equal(users.none)
      expect(await said(reach({ user: users.none }), users.none)).to.equal(users.none)
      const path = join(home, 'owned')
      await connection.run([{ kind: 'upload', path, content: 'x', owner: users.none, group: 'root', mode: '0604' }], {
        become: 'root',
      })
      const { uid, gid, mode } = statSync(path)
      expect({ uid, gid, mode: mode & 0o7777 }).to.deep.equal({
        uid: Number(execFileSync('id', ['-u', users.none])),
        gid: 0,
        mode: 0o604,
      })
    })

    it('gives sudo the password, which shows on no command line', async () => {
      const connection = reach({ user: users.asked, becomePassword: new Secret(password) })
      const steps: Step[] = [whoami, { kind: 'exec', argv: ['sleep', '1'] }]
      const running = connection.run(steps, { become: 'root' })
      await wait(700)
      expect(commandLines().filter((text) => text.includes(password))).to.deep.equal([])
      expect((await running)[0]).to.deep.equal({ stdout: 'root\n', stderr: '', code: 0 })
    })

    it('explains what sudo refuses', async () => {
      const wrong = await failing(
        reach({ user: users.asked, becomePassword: new Secret('wrong') }).run([whoami], { become: 'root' }),
      )
      expect(wrong).to.include({ code: 'E722' })
      expect(wrong.message).to.contain('does not accept the password')
      const needed = await failing(reach({ user: users.asked }).run([whoami], { become: 'root' }))
      expect(needed).to.include({ code: 'E722' })
      expect(needed.message).to.contain('wants a password')
      expect(await failing(reach({ user: users.none }).run([whoami], { become: 'root' }))).to.include({
        code: 'E722',
        passing: false,
      })
      expect((await failing(reach({}).run([whoami], { become: 'no-such-user' }))).message).to.contain(
        'no user no-such-user',
      )
    })

    it('ends what root runs when the time is over, with password too', async () => {
      for (const place of [{}, { user: users.asked, becomePassword: new Secret(password) }]) {
        const mark = String(33_000_000 + Math.floor(Math.random() * 1_000_000))
        const error = await failing(
          reach(place).run([{ kind: 'script', text: `timeout 99 sleep ${mark} & sleep ${mark}` }], {
            become: 'root',
            timeout: 1,
          }),
        )
        expect(error).to.have.property('code', 'E725')
        expect(commandLines().filter((text) => text.includes(mark))).to.deep.equal([])
      }
    })
  })

  it('says that the link was cut, and connects again', async () => {
    const before = sshd.serving()
    const connection = reach({})
    await connection.open()
    const running = failing(connection.run([{ kind: 'exec', argv: ['sleep', '5'] }]))
    await wait(300)
    // the part without privileges holds the socket
    for (const pid of sshd
      .serving()
      .filter((one) => !before.includes(one))
      .toReversed())
      process.kill(pid, 'SIGKILL')
    expect(await running).to.include({ code: 'E724', passing: true })
    expect(await said(connection)).to.equal(users.free)
  })

  it('answers 50 probes in one round trip, started by one message', async () => {
    const connection = reach({})
    await said(connection)
    const one = await timed(() => connection.run([whoami]))
    const probes = Array.from({ length: 50 }, (_, index): Step => ({
      kind: 'script',
      text: 'printf %s "$1"',
      args: [String(index)],
    }))
    let outputs: readonly { stdout: string }[] = []
    const many = await timed(async () => (outputs = await connection.run(probes)))
    expect(outputs.map(({ stdout }) => Number(stdout))).to.deep.equal(probes.map((_, index) => index))
    expect(many).to.be.lessThan(one + 300)
  })
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
