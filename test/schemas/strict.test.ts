import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { parse } from 'yaml'
import { findSchema, moduleFolder, moduleNames } from '../../runner/modules/find.ts'

const folder = new URL('../../schemas/', import.meta.url)
const read = (name: string): object => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as object
/** What each module needs of IAM lies beside the schemas; it is none. */
const others: readonly string[] = ['permissions.json']
const modules = readdirSync(new URL('modules/', folder)).map((name) => `modules/${name}`)

/** Strict but for unions of types and for `required` beside the properties it names, both of which say what is meant. */
const strict = { strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false }

/** All schemas as an editor finds them: by the names they have of each other. */
function editorSchemas(): Ajv {
  const ajv = new Ajv(strict)
  for (const name of modules) ajv.addSchema(read(name), name)
  return ajv
}

describe('schemas', () => {
  it('are there for every module', () => {
    expect(modules.map((name) => name.slice('modules/'.length, -'.json'.length)).toSorted()).to.deep.equal(
      [...moduleNames()].toSorted(),
    )
  })

  for (const name of [
    ...readdirSync(folder).filter((one) => one.endsWith('.json') && !others.includes(one)),
    ...modules,
  ]) {
    it(`${name} is strict`, () => {
      const ajv = editorSchemas()
      const validate = modules.includes(name) ? ajv.getSchema(name) : ajv.compile(read(name))
      expect(validate).to.be.a('function')
    })
  }

  for (const name of moduleNames()) {
    it(`of ${name} are strict where the program uses them, and hold for its example`, async () => {
      const { args, returns } = await findSchema(name)
      const ajv = new Ajv({
        ...strict,
        keywords: ['x-reads', 'x-expressions', 'x-ready', 'x-main', 'x-argv', 'x-bytes'],
      })
      ajv.compile(args as object)
      ajv.compile(returns as object)
      const tasks: unknown = parse(readFileSync(new URL('example.yml', moduleFolder(name)), 'utf8'), {
        customTags: [{ tag: '!secret', resolve: (text: string) => `{{ ${text} }}` }],
      })
      const plays = [{ hosts: 'all', tasks }]
      const validate = editorSchemas().compile(read('playbook.json'))
      expect(validate(plays), JSON.stringify(validate.errors?.slice(0, 3))).to.equal(true)
    })
  }

  it('hold for the playbooks and inventories that come along, and for none of the wrong ones', () => {
    const playbook = editorSchemas().compile(read('playbook.json'))
    const inventory = editorSchemas().compile(read('inventory.json'))
    const yaml = (path: string): unknown => parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
    for (const name of readdirSync(new URL('../../playbooks/', import.meta.url)).filter((one) => one.endsWith('.yml')))
      expect(playbook(yaml(`playbooks/${name}`)), `${name} ${JSON.stringify(playbook.errors?.slice(0, 3))}`).to.equal(
        true,
      )
    for (const name of readdirSync(new URL('../../inventory/', import.meta.url)))
      expect(inventory(yaml(`inventory/${name}`)), `${name} ${JSON.stringify(inventory.errors?.slice(0, 3))}`).to.equal(
        true,
      )
    for (const name of [
      'unknown-keys',
      'unknown-arguments',
      'wrong-types',
      'wrong-task-keys',
      'not-a-playbook',
      'aws-of-a-play',
      'loops',
    ])
      expect(playbook(yaml(`test/language/wrong/${name}.yml`)), name).to.equal(false)
    expect(inventory(yaml('test/language/wrong/parts/inventory.yml'))).to.equal(false)
  })
})
