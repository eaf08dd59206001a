import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { sshLab } from '../connections/ssh-lab.ts'
import { killAll } from '../connections/watching.ts'
import type { Event } from '../../runner/engine/event.ts'
import { users } from '../connections/sshd.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

describe('large files', function () {
  this.timeout(300_000)
  const lab = sshLab()
  let runner: Runner
  let folder: string
  before(() => {
    runner = makeRunner({})
    folder = mkdtempSync(join(tmpdir(), 'transfer-'))
    chmodSync(folder, 0o777)
    const host = `{ address: 127.0.0.1, port: ${lab.sshd.port}, user: ${users.free}, identity: ${lab.sshd.key} }`
    writeFileSync(join(runner.folder, 'hosts.yml'), `web: { hosts: { box: ${host} } }\n`)
    writeFileSync(
      join(runner.folder, 'play.yml'),
      `- hosts: web\n  tasks:\n    - name: Big\n      system.copy: { dest: ${folder}/big, src: big, mode: "0600" }\n`,
    )
  })
  after(() => {
    runner.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are sent with word of how far they are, and not again while they are there', async () => {
    const bytes = randomBytes(5_000_000)
    writeFileSync(join(runner.folder, 'big'), bytes)
    const traffic = async () => {
      const { exit, events, stderr } = await runner.apply('play.yml', '-i', 'hosts.yml')
      expect(exit, stderr).to.equal(0)
      const done = events.at(-1)
      const told = events.flatMap((event) => (event.type === 'node.status' ? [event.text] : []))
      return { sent: done?.type === 'run.done' ? (done.traffic?.['box']?.sent ?? 0) : 0, told }
    }
    const first = await traffic()
    expect(first.sent).to.be.within(5_000_000, 5_050_000)
    expect(first.told[0]).to.match(/^sent 0\.\d of 5\.0 MB$/)
    expect(first.told.at(-1)).to.equal('sent 5.0 of 5.0 MB')
    expect(readFileSync(join(folder, 'big')).equals(bytes)).to.equal(true)
    expect((await traffic()).sent).to.be.within(100, 2000)
    // another content of the same size, in one place
    bytes.writeUInt8((bytes[2_500_000] ?? 0) ^ 1, 2_500_000)
    writeFileSync(join(runner.folder, 'big'), bytes)
    expect((await traffic()).sent).to.be.greaterThan(5_000_000)
    expect(readFileSync(join(folder, 'big')).equals(bytes)).to.equal(true)
  })

  /** Starts the playbook; the most memory it had, and what it told of how far it is. */
  const start = () => {
    const running = runner.start('apply', '--yes', '-o', 'json', 'play.yml', '-i', 'hosts.yml')
    const seen = { peak: 0, percent: 0, told: [] as string[] }
    const watch = setInterval(() => {
      const status = existsSync(`/proc/${running.pid}/status`)
        ? readFileSync(`/proc/${running.pid}/status`, 'utf8')
        : ''
      seen.peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024 || seen.peak
    }, 50)
    running.stdout?.on('data', (data: Buffer) => {
      for (const [text, sent, all] of data.toString().matchAll(/sent ([\d.]+) of ([\d.]+) MB[^"]*/g)) {
        seen.told.push(text)
        seen.percent = (100 * Number(sent)) / Number(all)
      }
    })
    const ended = Promise.resolve(running).finally(() => clearInterval(watch))
    const past = async (percent: number): Promise<void> => {
      while (seen.percent < percent && running.exitCode === null) await wait(5)
    }
    return { running, seen, ended, past }
  }
  const sentBy = (stdout: unknown): number => {
    const done = JSON.parse(String(stdout).trim().split('\n').at(-1) ?? '') as Event
    return done.type === 'run.done' ? (done.traffic?.['box']?.sent ?? 0) : 0
  }
  const size = 200_000_000

  it('of any size are never in memory as a whole, and after a lost connection only the rest is sent', async () => {
    // a tenth of it can be compressed
    const bytes = Buffer.concat([randomBytes(0.9 * size), Buffer.alloc(0.1 * size, 'all work and no play ')])
    writeFileSync(join(runner.folder, 'big'), bytes)
    const { seen, ended, past } = start()
    await past(45)
    killAll(lab.sshd.serving())
    const { exitCode, stdout, stderr } = await ended
    expect(exitCode, String(stderr)).to.equal(0)
    expect(readFileSync(join(folder, 'big')).equals(bytes)).to.equal(true)
    expect(statSync(join(folder, 'big')).mode & 0o7777).to.equal(0o600)
    expect(readdirSync(folder)).to.deep.equal(['big'])
    expect(readdirSync('/var/tmp').filter((name) => ownLeftover(name))).to.deep.equal([])
    // what was under way when it broke is sent twice: a piece, and what lay in the buffers of both ends, which on a busy machine are
    // full; all of it once more would be 80 MB
    expect(sentBy(stdout)).to.be.within(0.9 * size, 0.9 * size + 45e6)
    expect(seen.peak, 'MB of memory').to.be.within(50, 300)
    expect(seen.told.join('\n')).to.match(/^sent [\d.]+ of 200\.0 MB, [\d.]+ MB\/s, [\d.]+ s left$/m)
  })

  it('are gone on with by the next run, when this one was killed; not with what is no beginning of them', async () => {
    // so large that most of it is still to come when the kill arrives
    const bytes = randomBytes(size)
    writeFileSync(join(runner.folder, 'big'), bytes)
    const killed = start()
    await killed.past(20)
    killed.running.kill('SIGKILL')
    await killed.ended
    const parts = join(folder, '.runner-parts')
    const [part = ''] = await eventually(() => (existsSync(parts) ? readdirSync(parts) : []))
    expect(statSync(parts).mode & 0o7777).to.equal(0o700)
    const there = statSync(join(parts, part)).size
    expect(there).to.be.within(size / 10, 0.95 * size)
    const { stdout, exitCode, stderr } = await start().ended
    expect(exitCode, String(stderr)).to.equal(0)
    expect(sentBy(stdout)).to.be.within(size - there - 10e6, size - there + 200_000)
    expect(readFileSync(join(folder, 'big')).equals(bytes)).to.equal(true)
    // of the same name, but not what it should be
    bytes.writeUInt8((bytes[10] ?? 0) ^ 1, 10)
    writeFileSync(join(runner.folder, 'big'), bytes)
    mkdirSync(parts, { mode: 0o700 })
    writeFileSync(join(parts, `${createHash('sha256').update(bytes).digest('hex')}.1`), 'something else')
    execFileSync('chown', ['-R', users.free, parts])
    expect(sentBy((await start().ended).stdout)).to.be.greaterThan(size)
    expect(readFileSync(join(folder, 'big')).equals(bytes)).to.equal(true)
    expect(readdirSync(folder)).to.deep.equal(['big'])
  })

  it('that are scripts are run where they were sent to, and gone afterwards', async () => {
    writeFileSync(
      join(runner.folder, 'installer'),
      `echo "$0 $1" >&2\necho "it ran"\nexit 3\n${'#'.repeat(5_000_000)}\n`,
    )
    writeFileSync(
      join(runner.folder, 'script.yml'),
      `- hosts: web\n  tasks:\n    - name: Installer\n      system.script: { src: installer, args: [word] }\n      register: made\n      failed_when: made.rc != 3 or made.stdout != "it ran"\n`,
    )
    const { exit, stderr } = await runner.apply('script.yml', '-i', 'hosts.yml')
    expect([exit, stderr]).to.deep.equal([0, ''])
    expect(readdirSync('/var/tmp').filter((name) => ownLeftover(name))).to.deep.equal([])
  })

  it('that a host fetches are gone on with after a lost connection, and who fetched them until then ends', async () => {
    const bytes = randomBytes(3_000_000)
    const asked: (string | undefined)[] = []
    const gone = Promise.withResolvers<void>()
    const server = createServer((request, response) => {
      const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
      asked.push(range)
      const rest = bytes.subarray(Number(range ?? 0))
      const all = `bytes ${range}-${bytes.length - 1}/${bytes.length}`
      response.writeHead(range === undefined ? 200 : 206, {
        ETag: '"x"',
        'Content-Length': rest.length,
        ...(range !== undefined && { 'Content-Range': all }),
      })
      if (range !== undefined) return void response.end(rest)
      response.on('close', gone.resolve)
      response.write(rest.subarray(0, 2_000_000))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    writeFileSync(
      join(runner.folder, 'fetch.yml'),
      `- hosts: web\n  tasks:\n    - system.download: { dest: ${folder}/fetched, url: '${url}' }\n`,
    )
    try {
      const running = runner.start('apply', '--yes', '-o', 'json', 'fetch.yml', '-i', 'hosts.yml')
      let told = ''
      running.stdout?.on('data', (data: Buffer) => (told += data.toString()))
      while (!told.includes('fetched 2.0 of 3.0 MB') && running.exitCode === null) await wait(20)
      killAll(lab.sshd.serving())
      const { exitCode, stderr } = await running
      expect(exitCode, String(stderr)).to.equal(0)
      expect(readFileSync(join(folder, 'fetched')).equals(bytes)).to.equal(true)
      expect(asked).to.have.length(2)
      expect(Number(asked[1])).to.be.within(1_900_000, 2_000_000)
      await gone.promise
      const left = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('.'))
      for (let tries = 500; tries > 0 && left().length > 0; tries -= 1) await wait(20)
      expect(left()).to.deep.equal([])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('go nowhere by way of what somebody else has put in their place', async () => {
    const bytes = randomBytes(size / 20)
    writeFileSync(join(runner.folder, 'big'), bytes)
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
    symlinkSync(elsewhere, join(folder, '.runner-parts'))
    const { exitCode, stderr } = await start().ended
    expect(exitCode, String(stderr)).to.equal(0)
    expect(readFileSync(join(folder, 'big')).equals(bytes)).to.equal(true)
    expect(readdirSync(elsewhere)).to.deep.equal([])
    expect(statSync(elsewhere).uid).to.equal(0)
    rmSync(elsewhere, { recursive: true })
    rmSync(join(folder, '.runner-parts'))
  })
})

/** Whether it is something that this file's own user has left there. */
function ownLeftover(name: string): boolean {
  const uid = Number(execFileSync('id', ['-u', users.free], { encoding: 'utf8' }))
  return /^\.runner[.-]/.test(name) && statSync(join('/var/tmp', name), { throwIfNoEntry: false })?.uid === uid
}

async function eventually(look: () => readonly string[]): Promise<readonly string[]> {
  for (let left = 200; left > 0 && look().length === 0; left -= 1) await wait(50)
  // the host writes what it still got
  await wait(1000)
  return look()
}
