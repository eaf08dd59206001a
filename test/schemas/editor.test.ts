import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { startEditor, type Editor } from './language-server.ts'

const file = fileURLToPath(new URL('../../playbooks/objective2.yml', import.meta.url))

/** What an editor with the YAML language server makes of the mission's playbook and the schemas in schemas/. */
describe('an editor', function () {
  this.timeout(120_000)
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  const lineOf = (part: string): number => lines.findIndex((line) => line.includes(part))
  let editor: Editor

  before(async () => (editor = await startEditor(file)))
  after(async () => await editor.close())

  it('finds nothing wrong with objective2.yml', async () => {
    expect(await editor.open(text)).to.deep.equal([])
  })

  it('says what arguments and keys are for', async () => {
    await editor.open(text)
    const line = lineOf('max_size: 6')
    expect(await editor.hover(line, lines[line]?.indexOf('max_size') ?? 0)).to.match(/never more instances/i)
    const register = lineOf('register: network')
    expect(await editor.hover(register, lines[register]?.indexOf('register') ?? 0)).to.match(/variable/)
  })

  it('marks a misspelt argument, where it stands', async () => {
    const found = await editor.open(text.replace('max_size: 6', 'max_sizes: 6'))
    expect(found.map(({ message, range }) => [message.includes('max_sizes'), range.start.line])).to.deep.include([
      true,
      lineOf('max_size: 6'),
    ])
    expect(new Set(found.map(({ range }) => range.start.line)).size).to.be.at.most(2)
  })

  it('marks a value of the wrong type, and lets expressions stand anywhere', async () => {
    const line = lineOf('max_size: 6')
    const wrong = await editor.open(text.replace('max_size: 6', 'max_size: many'))
    expect(wrong.map(({ range }) => range.start.line)).to.include(line)
    expect(await editor.open(text.replace('max_size: 6', 'max_size: "{{ most }}"'))).to.deep.equal([])
  })

  it('offers the arguments of a module inside it, and modules and keys beside it', async () => {
    const line = lineOf('max_size: 6')
    // the line of one argument is emptied
    await editor.open(lines.with(line, ' '.repeat(8)).join('\n'))
    const offered = await editor.complete(line, 8)
    expect(offered).to.include('max_size').and.not.to.include.oneOf(['min_size', 'when', 'path'])
    const end = lineOf('register: group')
    await editor.open(lines.toSpliced(end + 1, 0, '      ').join('\n'))
    expect(await editor.complete(end + 1, 6)).to.include.members(['when', 'notify', 'tags'])
    const task = lineOf('- name: Scaling policy')
    await editor.open(lines.toSpliced(task, 0, '    - name: New', '      ').join('\n'))
    expect(await editor.complete(task + 1, 6)).to.include.members(['aws.instance', 'system.file'])
  })

  it('offers the choices of a value', async () => {
    const line = lineOf('health_check: ELB')
    const short = (lines[line] ?? '').replace('ELB', '')
    await editor.open(lines.with(line, short).join('\n'))
    expect(await editor.complete(line, short.length)).to.include.members(['EC2', 'ELB'])
  })
})
