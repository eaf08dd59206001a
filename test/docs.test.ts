import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { parseOptions, verbs } from '../runner/cli/options.ts'
import { topic } from '../runner/cli/help.ts'
import { groupKeys, hostKeys } from '../runner/inventory/keys.ts'
import { evaluate } from '../runner/language/expression/evaluate.ts'
import { parseExpression } from '../runner/language/expression/parse.ts'
import { layered } from '../runner/language/expression/scope.ts'
import { filterNames, testNames } from '../runner/language/expression/signatures.ts'
import {
  blockKeys,
  importPlaybookKeys,
  importTasksKeys,
  playKeys,
  taskKeys,
  type KeyTable,
} from '../runner/language/keys.ts'
import { makeRunner, type Runner } from './lab/runner.ts'

const folder = new URL('../docs/', import.meta.url)
const language = readFileSync(new URL('language.md', folder), 'utf8')
const blocksOf = (text: string, kind: string): readonly string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block as string)

/** What the documents say is held against the program: keys, filters, flags, examples, commands. */
describe('docs', function () {
  this.timeout(120_000)
  let runner: Runner
  before(() => (runner = makeRunner({})))
  after(() => runner.close())

  it('language.md names every key, filter, test and flag', () => {
    const namesIn = (table: KeyTable): readonly string[] =>
      Object.entries(table).flatMap(([key, { keys }]) => [key, ...(keys ? namesIn(keys) : [])])
    const tables: readonly KeyTable[] = [
      playKeys,
      taskKeys,
      blockKeys,
      importTasksKeys,
      importPlaybookKeys,
      groupKeys,
      hostKeys,
    ]
    const names = [...new Set([...tables.flatMap(namesIn), ...filterNames, ...testNames])]
    expect(names.filter((name) => !language.includes(`\`${name}\``))).to.deep.equal([])
    const flags = verbs.flatMap((verb) =>
      [...(topic([verb, '--help'])?.text ?? '').matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag),
    )
    expect([...new Set(flags)].filter((flag) => !language.includes(flag))).to.deep.equal([])
  })

  it('its examples of expressions give what stands beside them', () => {
    const rows = [...language.matchAll(/^\| `[a-z`_0-9 ]+` \| `(.+?)` \| `(.+)` \|$/gm)]
    expect(rows.length).to.be.greaterThan(14)
    const at = { file: 'x', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } }
    for (const [, example = '', gives = ''] of rows) {
      const { expression } = parseExpression(example.replaceAll('\\|', '|').replaceAll('\\\\', '\\'), at)
      expect(expression, example).to.not.equal(undefined)
      if (expression)
        expect(
          evaluate(
            expression,
            layered([], () => null),
          ),
          example,
        ).to.deep.equal(JSON.parse(gives))
    }
  })

  it('its playbooks and inventories are valid', async () => {
    for (const [index, block] of blocksOf(language, 'yaml').entries()) {
      const value: unknown = parse(block)
      const isPlaybook = Array.isArray(value) && value.every((item: object) => 'hosts' in item)
      const playbook = isPlaybook
        ? block
        : `- hosts: all\n  tasks:\n${Array.isArray(value) ? block.replaceAll(/^(?=.)/gm, '    ') : '    - { name: x, system.debug: { msg: x } }\n'}`
      writeFileSync(join(runner.folder, `doc-${index}.yml`), playbook)
      writeFileSync(join(runner.folder, `inventory-${index}.yml`), Array.isArray(value) ? 'web: {}\n' : block)
      const { exit, stderr } = await runner.run('validate', `doc-${index}.yml`, '-i', `inventory-${index}.yml`)
      expect(exit, `${block}\n${stderr}`).to.equal(0)
    }
  })

  it('its commands do what they say', async () => {
    const commands = blocksOf(language, 'sh').flatMap((block) => block.split('\n').filter(Boolean))
    expect(commands.length).to.be.greaterThan(3)
    for (const command of commands) {
      const words = command
        .replace(/\s+#.*/, '')
        .replace('npx runner ', '')
        .split(' ')
      const { exit, stderr } = await runner.run(...words)
      expect(exit, `${command}: ${stderr}`).to.equal(0)
    }
  })

  it('commands anywhere in the documents are ones that the program understands', () => {
    const files = ['../README.md', ...readdirSync(folder).filter((name) => name.endsWith('.md'))]
    const commands = files.flatMap((name) =>
      [
        ...readFileSync(new URL(name, folder), 'utf8').matchAll(
          /(?:`|^npx )runner ((?:validate|plan|apply|destroy|graph|modules|runs)\b[^`#\n]*)/gm,
        ),
      ].map(([, command]) => (command as string).trim()),
    )
    expect(commands.length).to.be.greaterThan(10)
    for (const command of commands.filter((one) => !/[A-Z]{2,}|…/.test(one)))
      expect(
        () => parseOptions([...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)),
        command,
      ).not.to.throw()
  })
})
