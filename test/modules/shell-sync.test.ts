import { randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeFolderReader } from '../../runner/cli/local-folder.ts'
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import type { Connection } from '../../runner/connections/connection.ts'
import { localTransport } from '../../runner/connections/local.ts'
import type { Have } from '../../runner/modules/system/sync/diff.ts'
import { module } from '../../runner/modules/system/sync/module.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { carryOut, look, type Round } from './shell-round.ts'

describe('system.sync in a real shell', () => {
  let folder: string
  let src: string
  let dest: string
  let connection: Connection
  const reader = makeFolderReader()
  const want = (more: Values = {}): Values => ({ src: reader(src) as never, dest, ...more })
  const apply = async (more: Values = {}): Promise<Round> => {
    const round = await carryOut(connection, module, want(more))
    expect(round.outputs.map(({ code, stderr }) => [code, stderr.trim()])).to.deep.equal(
      round.outputs.map(() => [0, '']),
    )
    expect(round.after.change, JSON.stringify(round.after.change)).to.deep.equal({ action: 'none', fields: [] })
    return round
  }
  const fields = ({ change }: Round): unknown =>
    Object.fromEntries(change.fields.map((field) => [field.path, field.after]))
  /** Names in bytes, and what is behind them, without times. */
  const listing = (path: string): string =>
    execFileSync('find', ['.', '-mindepth', '1', '-printf', '%y %m %P %l\\n'], { cwd: path, encoding: 'latin1' })
      .split('\n')
      .toSorted()
      .join('\n')

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sync-'))
    src = join(folder, "the 'source'")
    dest = join(folder, '$(touch pwned) dest')
    mkdirSync(join(src, 'sub', 'deeper'), { recursive: true })
    writeFileSync(join(src, 'one'), 'one\n')
    writeFileSync(join(src, 'sub', 'run'), '#!/bin/sh\n')
    chmodSync(join(src, 'sub', 'run'), 0o700)
    symlinkSync('sub/run', join(src, 'link'))
    connection = makeHostConnection('here', localTransport(), undefined, [])
  })
  afterEach(async () => {
    await connection[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it('makes the directory, and finds nothing to do then', async () => {
    const round = await apply()
    expect(round.change.action).to.equal('create')
    expect(readFileSync(join(dest, 'one'), 'utf8')).to.equal('one\n')
    expect(listing(dest)).to.equal(
      ['d 755 sub ', 'd 755 sub/deeper ', 'f 644 one ', 'f 755 sub/run ', 'l 777 link sub/run', '']
        .toSorted()
        .join('\n'),
    )
    expect(round.returned).to.deep.equal({ dest, files: 2, bytes: 14 })
    expect(readdirSync(folder)).to.not.include('pwned')
  })

  it('takes names of any bytes, empty files and long names', async () => {
    const odd = [
      '-rf',
      ' lead and trail ',
      'new\nline',
      '$(id)',
      '`id`',
      'quo\'te"s',
      'back\\slash',
      '*',
      'ü€',
      'a//b'.replace('//', '\u0001'),
    ]
    for (const name of odd) writeFileSync(join(src, name), name)
    writeFileSync(Buffer.concat([Buffer.from(`${src}/`), Buffer.from([0xff, 0xfe, 0x41])]), 'bytes')
    const long = join(src, 'x'.repeat(120), 'y'.repeat(200))
    mkdirSync(long, { recursive: true })
    writeFileSync(join(long, 'z'.repeat(90)), '')
    symlinkSync('t'.repeat(150), join(src, 'far'))
    await apply()
    expect(listing(dest).replaceAll('f 755', 'f 644')).to.equal(listing(src).replaceAll(/f [67]\d\d/g, 'f 644'))
    await apply({ delete: true })
  })

  it('sends what differs, and nothing else', async () => {
    await apply()
    const before = lstatSync(join(dest, 'one')).ino
    writeFileSync(join(src, 'sub', 'run'), '#!/bin/sh\ntrue\n')
    writeFileSync(join(src, 'new'), '')
    const round = await apply()
    expect(fields(round)).to.deep.equal({ new: ['new'], changed: ['sub/run'] })
    expect(lstatSync(join(dest, 'one')).ino).to.equal(before)
  })

  it('sees what somebody did there: content, permissions, a link, a missing file', async () => {
    await apply()
    writeFileSync(join(dest, 'one'), 'two\n')
    chmodSync(join(dest, 'sub'), 0o700)
    rmSync(join(dest, 'link'))
    symlinkSync('elsewhere', join(dest, 'link'))
    rmSync(join(dest, 'sub', 'run'))
    expect(fields(await apply())).to.deep.equal({
      new: ['sub/run'],
      changed: ['link', 'one'],
      mode: ['sub 0755'],
    })
  })

  it('leaves what it does not know, or takes it away; what is excluded is left in any case', async () => {
    mkdirSync(join(src, 'node_modules', 'x'), { recursive: true })
    writeFileSync(join(src, 'node_modules', 'x', 'y'), 'y')
    const exclude = ['node_modules', '*.log', '/kept/']
    await apply({ exclude })
    mkdirSync(join(dest, 'old', 'er'), { recursive: true })
    mkdirSync(join(dest, 'kept'))
    for (const name of ['old/er/-x', 'old/a.log', 'kept/file', 'sub/more']) writeFileSync(join(dest, name), 'x')
    await apply({ exclude })
    const round = await apply({ exclude, delete: true })
    expect(fields(round)).to.deep.equal({ deleted: ['old/er/', 'old/er/-x', 'sub/more'] })
    expect(readdirSync(dest).toSorted()).to.deep.equal(['kept', 'link', 'old', 'one', 'sub'])
    expect(readdirSync(join(dest, 'old'))).to.deep.equal(['a.log'])
  })

  it('turns a file into a directory and a directory into a file', async () => {
    await apply()
    rmSync(join(src, 'one'))
    mkdirSync(join(src, 'one'))
    writeFileSync(join(src, 'one', 'inside'), 'x')
    rmSync(join(src, 'sub'), { recursive: true })
    writeFileSync(join(src, 'sub'), 'flat')
    await apply({ delete: true })
    expect(readFileSync(join(dest, 'sub'), 'utf8')).to.equal('flat')
    expect(readFileSync(join(dest, 'one', 'inside'), 'utf8')).to.equal('x')
  })

  it('keeps the permissions of directories that are there already', async () => {
    await apply()
    writeFileSync(join(src, 'sub', 'deeper', 'f'), 'x')
    await apply({ directory_mode: '0750' })
    expect(lstatSync(join(dest, 'sub')).mode & 0o777).to.equal(0o750)
    writeFileSync(join(src, 'sub', 'deeper', 'f'), 'y')
    await apply({ directory_mode: '0750', file_mode: '0600' })
    expect(listing(dest)).to.contain('f 600 sub/deeper/f').and.contain('d 750 sub/deeper')
  })

  it('sends a large file beside the script', async () => {
    writeFileSync(join(src, 'large'), randomBytes(6_000_000))
    const { change, outputs } = await apply()
    expect([change.action, outputs.length]).to.deep.equal(['create', 2])
    expect(readdirSync(folder).filter((name) => name.includes('.sync-'))).to.deep.equal([])
  })

  it('takes away what it brought, and leaves the rest', async () => {
    await apply()
    writeFileSync(join(dest, 'one'), 'changed since')
    const { have } = await look(connection, module, want())
    await connection.run(module.undo?.(want() as never, have as Have) ?? [], { timeout: 60 })
    expect(readdirSync(dest)).to.deep.equal(['one'])
  })
})
