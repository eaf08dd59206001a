import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import { localTransport } from '../../runner/connections/local.ts'
import { Failure } from '../../runner/language/diagnostic.ts'
import { module as block } from '../../runner/modules/system/block/module.ts'
import { module as copy } from '../../runner/modules/system/copy/module.ts'
import { module as file } from '../../runner/modules/system/file/module.ts'
import { module as line } from '../../runner/modules/system/line/module.ts'
import type { HostModule } from '../../runner/modules/module.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { makeRandom, type Random } from './random.ts'
import { carryOut } from './shell-round.ts'

interface Wish {
  readonly module: HostModule
  readonly want: Values
  /** Whether the file system is as wanted, told without the module's help. */
  holds(path: string): boolean
}

const text = (path: string): string => readFileSync(path, 'utf8')
const mode = (path: string): string => (lstatSync(path).mode & 0o7777).toString(8).padStart(4, '0')

function wish(random: Random, path: string): Wish {
  const permissions = random.pick(['0600', '0644', '0755'])
  const words = random.text(6, { lines: false }).trim() || 'x'
  return random.pick<() => Wish>([
    () => {
      const content = random.text(30)
      return {
        module: copy,
        want: { dest: path, content, mode: permissions },
        holds: (there) => text(there) === content && mode(there) === permissions,
      }
    },
    () => ({
      module: file,
      want: { path, state: 'directory', mode: permissions },
      holds: (there) => lstatSync(there).isDirectory() && mode(there) === permissions,
    }),
    () => ({ module: file, want: { path, state: 'absent' }, holds: (there) => kindOf(there) === 'absent' }),
    () => ({
      module: file,
      want: { path, state: 'link', src: `/no/${words}` },
      holds: (there) => readlinkSync(there) === `/no/${words}`,
    }),
    () => ({
      module: line,
      want: { path, line: words, create: true },
      holds: (there) => text(there).split('\n').includes(words),
    }),
    () => ({
      module: line,
      want: { path, line: words, state: 'absent' },
      holds: (there) => !existsSync(there) || !text(there).split('\n').includes(words),
    }),
    () => ({
      module: block,
      want: { path, block: `${words}\nsecond`, create: true },
      holds: (there) => text(there).includes(`\n${words}\nsecond\n`),
    }),
  ])()
}

function kindOf(path: string): string {
  const state = lstatSync(path, { throwIfNoEntry: false })
  if (!state) return 'absent'
  return state.isDirectory() ? 'directory' : state.isSymbolicLink() ? 'link' : 'file'
}

function start(random: Random, path: string, near: Wish['want']): void {
  const lines = Array.from({ length: random.whole(5) }, () => random.text(5, { lines: false }))
  // often something that is nearly or just what is wanted
  const wanted = [near['content'], near['line'], near['block']].find((one) => typeof one === 'string')
  random.pick([
    () => undefined,
    () => writeFileSync(path, lines.join('\n')),
    () => writeFileSync(path, [...lines, String(wanted ?? '')].join('\n')),
    () => writeFileSync(path, String(wanted ?? ''), { mode: 0o644 }),
    () => writeFileSync(path, random.bytes(random.whole(300))),
    () => mkdirSync(path),
    () => symlinkSync(`${path} target`, path),
  ])()
}

/** All of it, to compare: kind, mode, content or where it leads. */
function snapshot(path: string): string {
  const kind = kindOf(path)
  const what = kind === 'file' ? readFileSync(path).toString('base64') : kind === 'link' ? readlinkSync(path) : ''
  return kind === 'absent' ? kind : `${kind} ${mode(path)} ${what}`
}

describe('file modules from any state', function () {
  this.timeout(120_000)
  const connection = makeHostConnection('here', localTransport(), undefined, [])
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'properties-'))))
  after(async () => {
    await connection[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const seed of [1, 2, 3, 4])
    it(`come to what is wanted, do nothing where it is so, and nothing the second time (seed ${seed})`, async () => {
      const random = makeRandom(seed)
      const seen = { none: 0, changed: 0, refused: 0 }
      for (let round = 0; round < 60; round += 1) {
        const path = join(folder, `${seed}-${round} ${random.name()}`)
        const { module, want, holds } = wish(random, path)
        start(random, path, want)
        const before = snapshot(path)
        const what = `${JSON.stringify(want)} from ${before}`
        const done = await carryOut(connection, module, want).catch((error: unknown) => error)
        if (done instanceof Failure) {
          // what it cannot work with it leaves alone
          expect(snapshot(path), what).to.equal(before)
          seen.refused += 1
          continue
        }
        if (!done || done instanceof Error || typeof done !== 'object') throw new Error(what, { cause: done })
        const { change, outputs, after } = done as Awaited<ReturnType<typeof carryOut>>
        expect(
          outputs.filter(({ code }) => code !== 0),
          what,
        ).to.deep.equal([])
        expect(after.change.action, `${what}: ${JSON.stringify(after.change)}`).to.equal('none')
        expect(holds(path), `${what}, now ${snapshot(path)}`).to.equal(true)
        if (change.action === 'none') expect(snapshot(path), what).to.equal(before)
        seen[change.action === 'none' ? 'none' : 'changed'] += 1
      }
      // the states are such that all of it happens
      expect(seen.none, JSON.stringify(seen)).to.be.greaterThan(2)
      expect(seen.changed, JSON.stringify(seen)).to.be.greaterThan(20)
    })
})
