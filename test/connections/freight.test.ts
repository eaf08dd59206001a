import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Connection, Step } from '../../runner/connections/connection.ts'
import { sshLab } from './ssh-lab.ts'
import { users } from './sshd.ts'
import { failing } from './watching.ts'

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** What this file's own user has left. */
const leftovers = (): readonly string[] => {
  const uid = Number(execFileSync('id', ['-u', users.free], { encoding: 'utf8' }))
  return readdirSync('/var/tmp').filter(
    (name) => name.startsWith('.runner.') && statSync(join('/var/tmp', name), { throwIfNoEntry: false })?.uid === uid,
  )
}

describe('files on their way to a host', () => {
  const lab = sshLab()
  let folder: string
  let connection: Connection
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'freight-'))
    chmodSync(folder, 0o777)
    connection = lab.reach({})
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const upload = (name: string, content: Uint8Array | string): Step => ({
    kind: 'upload',
    path: join(folder, name),
    content,
    mode: '0640',
  })

  it('arrive as they are, however large, and what is the same is sent once', async () => {
    const noise = randomBytes(5_000_000)
    const text = 'all work and no play\n'.repeat(250_000)
    const before = connection.traffic
    const outputs = await connection.run([
      upload('noise', noise),
      upload('text', text),
      upload('again', noise),
      upload('small', 'small'),
      { kind: 'exec', argv: ['sha256sum', join(folder, 'again')] },
    ])
    expect(outputs.map(({ code, stderr }) => `${code} ${stderr}`)).to.deep.equal(Array(5).fill('0 '))
    expect(['noise', 'text', 'again'].map((name) => digest(readFileSync(join(folder, name))))).to.deep.equal(
      [noise, Buffer.from(text), noise].map(digest),
    )
    expect(outputs[4]?.stdout).to.contain(digest(noise))
    expect(statSync(join(folder, 'noise')).mode & 0o7777).to.equal(0o640)
    expect(connection.traffic.sent - before.sent).to.be.within(5_000_000, 5_100_000)
    expect(connection.traffic.exchanges - before.exchanges).to.equal(1)
    expect(leftovers()).to.deep.equal([])
  })

  it('are told of while they go, for root as well', async () => {
    const seen: number[] = []
    const bytes = randomBytes(3_000_000)
    await connection.run([upload('slow', bytes)], {
      become: 'root',
      onSent: (index, sent, all) => seen.push(index, sent / all),
    })
    expect(seen.filter((_, index) => index % 2 === 1)).to.have.length(12)
    expect(seen.at(-1)).to.equal(1)
    expect(seen.filter((_, index) => index % 2 === 0)).to.deep.equal(Array(12).fill(0))
    expect(statSync(join(folder, 'slow')).uid).to.equal(0)
  })

  it('do no harm behind a step that fails, nor where they cannot be put', async () => {
    const bytes = randomBytes(1_000_000)
    const outputs = await connection.run([{ kind: 'exec', argv: ['false'] }, upload('never', bytes)], {
      stopOnFailure: true,
    })
    expect(outputs).to.have.length(1)
    const [nowhere, next] = await connection.run([
      upload('no/such/place', bytes),
      { kind: 'exec', argv: ['echo', 'next'] },
    ])
    expect(nowhere?.code).to.equal(1)
    expect(next?.stdout).to.equal('next\n')
    expect(readdirSync(folder)).to.not.include('never')
    expect(leftovers()).to.deep.equal([])
  })

  it('keep their order among batches, and end with the run', async () => {
    const all = await Promise.all([
      connection.run([upload('first', 'x'.repeat(200_000))]),
      connection.run([{ kind: 'exec', argv: ['cat', join(folder, 'first')] }]),
      connection.run([upload('first', 'y'.repeat(300_000))]),
      connection.run([{ kind: 'exec', argv: ['cat', join(folder, 'first')] }]),
    ])
    expect([all[1]?.[0]?.stdout.length, all[3]?.[0]?.stdout.length]).to.deep.equal([200_000, 300_000])
    const controller = new AbortController()
    const error = await failing(
      connection.run([upload('cut', randomBytes(20_000_000))], {
        signal: controller.signal,
        onSent: () => controller.abort(new Error('stopped by the user')),
      }),
    )
    expect(error.message).to.equal('stopped by the user')
    expect(readdirSync(folder)).to.not.include('cut')
    expect(leftovers()).to.deep.equal([])
    expect(await lab.said(connection)).to.be.a('string')
  })
})
