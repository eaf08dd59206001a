import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { LoadFailure } from '../../runner/cli/failures.ts'
import { load } from '../../runner/cli/load.ts'
import { parseOptions } from '../../runner/cli/options.ts'
import { Failure } from '../../runner/language/diagnostic.ts'
import { renderDiagnostics } from '../../runner/render/diagnostic.ts'

const folder = fileURLToPath(new URL('wrong/', import.meta.url))
const words = 'runner validate '

/**
 * Each file NAME.txt begins with a command and goes on with all that it says. What is meant to change is written by
 * `UPDATE=1 npx mocha test/language/wrong.test.ts`, and read before it is committed.
 */
describe('wrong playbooks', () => {
  const home = process.cwd()
  before(() => process.chdir(folder))
  after(() => process.chdir(home))

  const files = readdirSync(folder)
  const expectations = files.filter((name) => name.endsWith('.txt'))

  it('are forty and more, each with what is expected', () => {
    expect(expectations.length).to.be.at.least(40)
    const said = expectations.map((name) => readFileSync(`${folder}${name}`, 'utf8')).join('')
    expect(files.filter((name) => name.endsWith('.yml') && !said.includes(`${words}${name}`))).to.deep.equal([])
  })

  for (const name of expectations) {
    it(name.replace('.txt', '').replaceAll('-', ' '), async () => {
      const expected = readFileSync(`${folder}${name}`, 'utf8')
      const command = (expected.split('\n', 1)[0] ?? '').replace(/^\$ /, '')
      const said = `$ ${command}\n${await validate(command.slice('runner '.length).split(' '))}`
      if (process.env['UPDATE']) writeFileSync(`${folder}${name}`, said)
      else expect(said).to.equal(expected)
    })
  }
})

async function validate(argv: readonly string[]): Promise<string> {
  const options = parseOptions(argv)
  try {
    await load(options.targets[0] ?? '', options)
    return 'valid\n'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const sources = error instanceof LoadFailure ? error.sources : new Map<string, string>()
    return renderDiagnostics(error.diagnostics, { sources, width: 100, colour: false }).replaceAll(folder, '…/')
  }
}
