import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeRunner, type Runner } from '../lab/runner.ts'

const play = (task: string): string => `- hosts: web\n  tasks:\n    - ${task}\n`

/** Hosts are connected to before all of the runner is loaded; here is one that takes every connection and never says a word. */
describe('connections that are begun early', function () {
  this.timeout(120_000)
  let server: Server
  let runner: Runner
  let connections = 0
  before(async () => {
    server = createServer((socket) => {
      connections += 1
      socket.on('error', () => undefined)
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    runner = makeRunner({ SSH_AUTH_SOCK: '' })
    const { port } = server.address() as AddressInfo
    const file = (name: string, text: string): void => writeFileSync(join(runner.folder, name), text)
    file('hosts.yml', `web: { hosts: { mute: { address: 127.0.0.1, port: ${port}, user: nobody } } }\n`)
    file('ssh_config', 'ConnectTimeout 100\n')
    file('right.yml', play('system.file: { path: /tmp/x, state: directory }'))
    file('wrong.yml', play('system.file: { path: /tmp/x, stat: directory }'))
    file('decided.yml', play('system.debug: { msg: hello }'))
  })
  after(() => {
    runner.close()
    server.close()
  })
  beforeEach(() => (connections = 0))

  const run = async (...words: readonly string[]): Promise<string> => {
    const { exit, stderr } = await runner.run(...words, '-i', 'hosts.yml', '-F', 'ssh_config')
    return `${exit} ${/E\d+/.exec(stderr)?.[0] ?? 'fine'}`
  }

  it('are none where nothing is to be asked, or a file or the command line is wrong', async () => {
    expect([
      (await runner.run('validate', 'right.yml', '-i', 'hosts.yml')).exit,
      await run('plan', '--offline', 'right.yml'),
      await run('plan', 'wrong.yml'),
      await run('apply', '--yes', 'wrong.yml'),
      await run('plan', 'right.yml', '--tags', 'none'),
      await run('plan', 'right.yml', '--limit', 'nobody'),
      await run('plan', 'right.yml', '--start-at', 'nothing'),
      await run('apply', '--yes', 'decided.yml'),
    ]).to.deep.equal([0, '0 fine', '4 E112', '4 E112', '4 E782', '4 E132', '4 E781', '0 fine'])
    expect(connections).to.equal(0)
  })

  it('are dropped at once when the run does not come about', async () => {
    const connected = once(server, 'connection')
    const first = runner.start('apply', '--yes', 'right.yml', '-i', 'hosts.yml', '-F', 'ssh_config')
    await connected
    const began = Date.now()
    expect(await run('apply', '--yes', 'right.yml')).to.equal('5 E910')
    // the host would be waited for 100 s
    expect(Date.now() - began).to.be.lessThan(60_000)
    first.kill('SIGKILL')
    await first
  })
})
