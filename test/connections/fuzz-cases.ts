import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Connection, Step } from '../../runner/connections/connection.ts'
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
}
