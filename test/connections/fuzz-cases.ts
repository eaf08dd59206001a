import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Connection, Step } from '../../runner/connections/connection.ts'
import { probe as probeFile } from '../../runner/modules/system/file/probe.ts'
import { probeText } from '../../runner/modules/system/text-probe.ts'
import { probeWritten } from '../../runner/modules/system/written-probe.ts'
import { Secret } from '../../runner/secret.ts'
import { makeRandom } from '../modules/random.ts'

/** Random words, names, variables and contents reach a host as they are; the seed is in the name of the test. */
export function fuzzCases(open: () => Connection, become?: string): void {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
    chmodSync(folder, 0o777)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const options = become === undefined ? {} : { become }

  for (const seed of [1, 2, 3])
    it(`words, variables and input arrive as they are (seed ${seed})`, async () => {
      const random = makeRandom(seed)
      const rounds = Array.from({ length: 60 }, () => ({
        words: Array.from({ length: random.whole(5) }, () => random.text(8)),
        input: random.text(30),
        variable: random.text(12),
      }))
      const outputs = await open().run(
        rounds.flatMap(({ words, input, variable }, index): readonly Step[] => {
          const asSecret = (text: string): string | Secret => (index % 2 === 0 ? text : new Secret(text))
          return [
            { kind: 'exec', argv: ['printf', String.raw`%s\036`, ...words] },
            {
              kind: 'script',
              text: String.raw`for word in "$@"; do printf '%s\036' "$word"; done; printf '%s' "$V"; printf '\036'; cat`,
              args: words.map(asSecret),
              env: { V: asSecret(variable) },
              stdin: asSecret(input),
            },
          ]
        }),
        options,
      )
      for (const [index, { words, input, variable }] of rounds.entries()) {
        const all = words.map((word) => `${word}\u001E`).join('')
        expect(outputs[index * 2]?.stdout, JSON.stringify(words)).to.equal(words.length === 0 ? '\u001E' : all)
        expect(outputs[index * 2 + 1], JSON.stringify(words)).to.deep.equal({
          stdout: `${all}${variable}\u001E${input}`,
          stderr: '',
          code: 0,
        })
      }
    })

  for (const seed of [4, 5])
    it(`files of any name hold the bytes that they were given (seed ${seed})`, async () => {
      const random = makeRandom(seed)
      const files = new Map(
        Array.from({ length: 40 }, (_, index): [string, string | Buffer] => [
          `${random.name()}${index}`,
          random.whole(2) === 0 ? random.text(40) : random.bytes(random.whole(2000)),
        ]),
      )
      files.set(`${random.name()} large`, random.text(20).repeat(20_000).slice(0, 1_000_000))
      const within = join(folder, `$(id) '${seed}`)
      mkdirSync(within)
      chmodSync(within, 0o777)
      const outputs = await open().run(
        [...files].map(([name, content]): Step => ({
          kind: 'upload',
          path: join(within, name),
          content,
          mode: '0604',
        })),
        options,
      )
      for (const [index, [name, content]] of [...files].entries()) {
        expect(outputs[index], JSON.stringify(name)).to.deep.equal({ stdout: '', stderr: '', code: 0 })
        const there = readFileSync(join(within, name))
        expect(there.equals(Buffer.from(content as string)), JSON.stringify(name)).to.equal(true)
        expect(statSync(join(within, name)).mode & 0o7777).to.equal(0o604)
      }
      expect(readdirSync(within)).to.have.length(files.size)
    })

  it('many files asked of one program are said to be as each says by itself (seed 7)', async () => {
    const random = makeRandom(7)
    const within = join(folder, 'seen')
    mkdirSync(within)
    const missing: string[] = []
    for (let index = 0; index < 24; index += 1) {
      const path = join(within, `${random.name()}${index}`)
      const kind = random.whole(8)
      if (kind === 0) mkdirSync(path)
      else if (kind === 1) symlinkSync(random.whole(2) === 0 ? within : join(within, 'nothing'), path)
      else if (kind === 2) execFileSync('mkfifo', ['--', path])
      else if (kind === 3) mkdirSync(path, { mode: 0o700 })
      else if (kind > 4) writeFileSync(path, random.bytes(random.whole(300)), { mode: kind === 5 ? 0o600 : 0o644 })
      // otherwise there is nothing of that name
      else missing.push(path)
    }
    const paths = [...readdirSync(within).map((name) => join(within, name)), ...missing]
    paths.push(...paths.map((path) => `${path}/below`), '/', '/dev/null', '/etc/nsswitch.conf')
    const asked = (sum: string): readonly Step[] =>
      paths.flatMap((path): readonly Step[] => [
        probeFile({ path, state: 'directory', recurse: false, force: false }),
        probeWritten(path, { sha256: sum }),
        probeText({ path }),
      ])
    const steps = [...asked('0'), ...asked('1').slice(0, 20), { kind: 'exec', argv: ['false'] } as const]
      .map((step) => ({ step, place: random.whole(1e6) }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ step }) => step)
    const alone = await open().run(steps, options)
    const together = await open().run(steps, { ...options, gathered: true })
    for (const [index, output] of alone.entries())
      expect(together[index], JSON.stringify(steps[index])).to.deep.equal(output)
    expect(together).to.have.length(steps.length)
  })
}
