import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { sshLab } from '../connections/ssh-lab.ts'
import { users } from '../connections/sshd.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

describe('large files', function () {
  this.timeout(120_000)
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
})
