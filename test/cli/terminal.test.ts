import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { execa } from 'execa'
import { makeRunner, type Runner } from '../lab/runner.ts'
import { installed } from '../lab/packages.ts'
import { screenOf } from './screen.ts'

const program = fileURLToPath(new URL('../../bin/runner.js', import.meta.url))

/** On a terminal: a real one (a pseudo-terminal of script(1)), of which the screen is drawn from what was written to it. */
describe('on a terminal', function () {
  this.timeout(60_000)
  let runner: Runner

  before(async () => {
    const missing = await installed({ script: 'bsdutils' })
    if (missing !== undefined) throw new Error(missing)
  })
  beforeEach(() => {
    runner = makeRunner({})
    writeFileSync(
      join(runner.folder, 'play.yml'),
      `- name: Slow to read
  hosts: localhost
  tasks:
    - name: First
      system.command: { cmd: 'true', unless: 'true' }
      register: first
    - name: Second
      system.command: { cmd: 'true', unless: 'sleep 1; test -n "x{{ first.changed }}"' }
    - name: Long
      system.shell: { cmd: 'echo said; sleep 1', creates: ${runner.folder}/never }
`,
    )
  })
  afterEach(() => runner.close())

  /** All that it ever wrote. */
  const written = async (columns: number, ...words: readonly string[]): Promise<string> => {
    const { CI: _ci, NO_COLOR: _noColour, ...env } = process.env
    const { stdout } = await execa(
      'script',
      ['-qec', `stty cols ${columns} rows 40; exec ${process.execPath} ${program} ${words.join(' ')}`, '/dev/null'],
      {
        cwd: runner.folder,
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
        env: { ...env, TERM: 'xterm-256color', XDG_STATE_HOME: join(runner.folder, 'state') },
      },
    )
    return stdout
  }
  const screen = async (columns: number, ...words: readonly string[]): Promise<string> => {
    const stdout = await written(columns, ...words)
    if (['plan', 'apply'].includes(words[0] ?? '')) expect(stdout).to.contain('\u001B[')
    return screenOf(stdout, columns)
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd()
  }

  for (const columns of [30, 80, 200]) {
    it(`a plan is whole, and nothing of the reading is left (${columns} columns)`, async () => {
      const shown = await screen(columns, 'plan', 'play.yml')
      expect(shown.replaceAll(/\s+/g, ' ')).to.match(/^! Long system\.shell .*1 to run, 2 unchanged\.$/)
    })

    it(`an apply tells what was done, and leaves no row of what was under way (${columns} columns)`, async () => {
      const shown = await screen(columns, 'apply', '--yes', 'play.yml')
      expect(shown).to.match(/✔ Long on localhost/)
      expect(shown).to.match(/plan accuracy 3\/3$/)
      expect(shown).not.to.match(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
      expect(existsSync(join(runner.folder, 'state'))).to.equal(true)
    })
  }

  it('a plan that waits for a host says for which', async () => {
    // accepts, and never says a word
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    writeFileSync(join(runner.folder, 'ssh_config'), 'Host *\n  ConnectTimeout 3\n  IdentityAgent none\n')
    writeFileSync(
      join(runner.folder, 'silent.yml'),
      `all: { hosts: { mute: { address: 127.0.0.1, port: ${port} } } }\n`,
    )
    writeFileSync(join(runner.folder, 'far.yml'), '- hosts: mute\n  tasks:\n    - system.file: { path: /x }\n')
    const all = await written(80, 'plan', 'far.yml', '-i', 'silent.yml', '-F', 'ssh_config')
    silent.close()
    expect(all)
      .to.match(/reading: \d+; waits for mute/)
      .and.contain('did not answer within 3 s')
  })

  /** Words that would fit a line, of what is told in a wide terminal. */
  const wordsOf = (text: string): readonly string[] =>
    (text.split('\nExample\n')[0] ?? '').split(/\s+/).filter((word) => word.length <= 15)

  for (const words of [
    ['modules'],
    ['modules', 'aws.elastic_ip'],
    ['graph', 'play.yml'],
    ['runs'],
    ['destroy', 'play.yml'],
    ['apply', '--yes', 'play.yml'],
  ]) {
    it(`runner ${words.join(' ')} breaks no word on a narrow terminal`, async () => {
      if (words[0] === 'runs' || words[0] === 'destroy')
        expect((await runner.run('apply', '--yes', 'play.yml')).exit).to.equal(0)
      const narrow = new Set(wordsOf(await screen(30, ...words)))
      const missing = wordsOf(await screen(200, ...words)).filter(
        // durations differ, and columns have no commas
        (word) => !narrow.has(word) && !narrow.has(`${word},`) && !/\d/.test(word),
      )
      expect(missing).to.deep.equal([])
    })
  }
})
