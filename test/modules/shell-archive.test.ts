import { execFileSync } from 'node:child_process'
import {
  existsSync,
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
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import type { Connection } from '../../runner/connections/connection.ts'
import { localTransport } from '../../runner/connections/local.ts'
import { LocalFile } from '../../runner/modules/local-file.ts'
import { module } from '../../runner/modules/system/archive/module.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { carryOut, type Round } from './shell-round.ts'

describe('system.archive in a real shell', () => {
  let folder: string
  let dest: string
  let connection: Connection
  const run = (program: string, ...words: readonly string[]): string =>
    execFileSync(program, words, { cwd: folder, encoding: 'utf8' })
  /** An archive of the folder `app`, by what its name ends with. */
  const pack = (name: string): string => {
    if (name.endsWith('.zip'))
      run(
        'python3',
        '-c',
        'import shutil, sys; shutil.make_archive(sys.argv[1][:-4], "zip", ".", "app")',
        join(folder, name),
      )
    else run('tar', '-caf', name, 'app')
    return join(folder, name)
  }
  const local = (path: string): LocalFile => {
    return LocalFile.of(path, readFileSync(path))
  }
  const apply = async (more: object): Promise<Round> => await carryOut(connection, module, { dest, ...more } as Values)
  const settled = ({ outputs, after }: Round): void => {
    expect(outputs.filter(({ code }) => code !== 0)).to.deep.equal([])
    expect(after.change.action).to.equal('none')
    expect(readdirSync(folder).filter((name) => /\.(unpack|archive-)/.test(name))).to.deep.equal([])
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'archive-'))
    dest = join(folder, "it's $(id) here")
    mkdirSync(join(folder, 'app', 'sub'), { recursive: true })
    writeFileSync(join(folder, 'app', 'one'), 'one\n')
    writeFileSync(join(folder, 'app', 'sub', 'READ me.md'), 'x')
    symlinkSync('one', join(folder, 'app', 'link'))
    connection = makeHostConnection('here', localTransport(), undefined, [])
  })
  afterEach(async () => {
    await connection[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const kind of ['tar', 'tar.gz', 'tar.xz', 'tar.bz2', 'zip'])
    it(`unpacks ${kind}, once`, async () => {
      settled(await apply({ src: local(pack(`a.${kind}`)) }))
      expect(readFileSync(join(dest, 'app', 'one'), 'utf8')).to.equal('one\n')
      expect((await apply({ src: local(join(folder, `a.${kind}`)) })).outputs).to.deep.equal([])
    })

  it('takes directories off the front, and leaves out what is not wanted', async () => {
    settled(await apply({ remote_src: pack('a.tar.gz'), strip_components: 1, exclude: ['*.md'] }))
    expect(readdirSync(dest).toSorted()).to.deep.equal(['.unpacked-archive', 'link', 'one', 'sub'])
    expect(readdirSync(join(dest, 'sub'))).to.deep.equal([])
    expect(lstatSync(join(dest, 'link')).isSymbolicLink()).to.equal(true)
    expect(existsSync(join(folder, 'a.tar.gz'))).to.equal(true)
  })

  it('leaves what is there already, and its permissions', async () => {
    mkdirSync(dest, { mode: 0o750 })
    mkdirSync(join(dest, 'sub'))
    writeFileSync(join(dest, 'sub', 'mine'), 'mine')
    settled(await apply({ src: local(pack('a.tar')), strip_components: 1 }))
    expect(readdirSync(join(dest, 'sub')).toSorted()).to.deep.equal(['READ me.md', 'mine'])
    expect(lstatSync(dest).mode & 0o777).to.equal(0o750)
  })

  it('takes the place of what was there, at once', async () => {
    settled(await apply({ src: local(pack('a.tar')), strip_components: 1, replace: true }))
    writeFileSync(join(dest, 'mine'), 'mine')
    rmSync(join(folder, 'app', 'one'))
    writeFileSync(join(folder, 'app', 'two'), 'two')
    const round = await apply({ src: local(pack('b.tar')), strip_components: 1, replace: true })
    expect(round.change.action).to.equal('update')
    settled(round)
    expect(readdirSync(dest).toSorted()).to.deep.equal(['.unpacked-archive', 'link', 'sub', 'two'])
  })

  it('changes nothing when the archive is broken, or another one than it should be', async () => {
    settled(await apply({ src: local(pack('a.tar.gz')), replace: true }))
    const before = readFileSync(join(dest, '.unpacked-archive'), 'utf8')
    writeFileSync(join(folder, 'b.tar.gz'), readFileSync(join(folder, 'a.tar.gz')).subarray(0, 60))
    const broken = await apply({ remote_src: join(folder, 'b.tar.gz'), replace: true })
    expect(broken.outputs.at(-1)?.code).to.equal(1)
    expect(broken.outputs.at(-1)?.stderr).to.contain('cannot be unpacked')
    const other = await apply({ url: `file://${folder}/a.tar.gz`, sha256: '0'.repeat(64), replace: true })
    expect(other.outputs.at(-1)?.stderr).to.contain('has the SHA-256')
    expect(readFileSync(join(dest, '.unpacked-archive'), 'utf8')).to.equal(before)
    expect(readFileSync(join(dest, 'app', 'one'), 'utf8')).to.equal('one\n')
    expect(readdirSync(folder).filter((name) => name.includes('.unpack'))).to.deep.equal([])
  })
})
