import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeRunner, type Runner } from './lab/runner.ts'

/** What the README tells a reader to type, typed. */
describe('README', function () {
  this.timeout(120_000)
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const commands = [...text.matchAll(/^npx runner (.+?)(?:\s+#.*)?$/gm)].map((match) => (match[1] as string).split(' '))
  let runner: Runner
  before(() => (runner = makeRunner({})))
  after(() => runner.close())

  it('has commands for a first playbook and for the bookstore', () => {
    expect(commands.map(([verb]) => verb)).to.deep.equal([
      'validate',
      'plan',
      'apply',
      'plan',
      'destroy',
      'plan',
      'graph',
      'apply',
    ])
  })

  it('leads through the first playbook', async () => {
    const playbook = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
    writeFileSync(
      join(runner.folder, 'first.yml'),
      playbook.replaceAll('/tmp/greeting.txt', join(runner.folder, 'greeting.txt')),
    )
    const outputs: string[] = []
    for (const words of commands.slice(0, 5)) {
      const asked = words[0] === 'apply' || words[0] === 'destroy'
      const { exit, stdout, stderr } = await runner.run(...words, ...(asked ? ['--yes'] : []))
      expect(exit, `${words.join(' ')}: ${stderr}`).to.equal(0)
      outputs.push(stdout)
      if (words[0] === 'apply')
        expect(readFileSync(join(runner.folder, 'greeting.txt'), 'utf8')).to.equal('Hello, world\n')
    }
    expect(outputs[3]).to.contain('Nothing to do')
  })

  it('shows the bookstore without credentials', async () => {
    for (const words of commands.slice(5, 7)) {
      const { exit, stderr } = await runner.run(...words)
      expect(exit, `${words.join(' ')}: ${stderr}`).to.equal(0)
    }
  })
})
