import { existsSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { parse } from 'yaml'
import { checkValues } from '../../runner/language/check.ts'
import { fits } from '../../runner/language/fits.ts'
import { findSchema, moduleFolder, moduleNames } from '../../runner/modules/find.ts'

/** Values of every kind, and some that are nearly right. */
const samples: readonly unknown[] = [
  null,
  true,
  0,
  1,
  -1,
  1.5,
  80,
  99_999,
  '',
  'a',
  'name',
  '/etc/x',
  '0644',
  'present',
  'sg-1',
  'ami-1',
  '10.0.0.0/8',
  [],
  ['a'],
  [1],
  [{}],
  ['a', 'b', 'c'],
  {},
  { size: 100 },
  { size: 'x' },
  { a: 'b' },
  { a: 1 },
]

describe('the quick check of arguments', () => {
  let all = 0
  after(() => expect(all).to.be.greaterThan(500))
  for (const name of moduleNames()) {
    it(`never takes for right what ajv finds wrong: ${name}`, async () => {
      const { args } = await findSchema(name)
      const validate = new Ajv({ strict: false }).compile(args as object)
      let right = 0
      const base = Object.fromEntries(
        (args.required ?? []).map((key) => [
          key,
          samples.find((one) => new Ajv({ strict: false }).compile(args.properties[key] as object)(one)),
        ]),
      )
      for (const key of [...Object.keys(args.properties), 'no_such_argument']) {
        for (const value of samples) {
          const given = { ...base, [key]: value }
          if (!fits(args as never, given, () => false)) continue
          right += 1
          expect(validate(given), JSON.stringify(given)).to.equal(true)
        }
      }
      all += right
    })
  }

  it('sees that arguments as people write them are right, so that ajv is not loaded for them', async () => {
    let seen = 0
    for (const name of moduleNames()) {
      const file = new URL('cases.yml', moduleFolder(name))
      if (!existsSync(file)) continue
      const { args } = await findSchema(name)
      const validate = new Ajv({ strict: false }).compile(args as object)
      for (const one of parse(readFileSync(file, 'utf8'), { merge: true, logLevel: 'error' }) as readonly {
        args: object
      }[]) {
        if (!validate(one.args)) continue
        seen += 1
        expect(
          fits(args as never, one.args, () => false),
          `${name}: ${JSON.stringify(one.args)}`,
        ).to.equal(true)
      }
    }
    expect(seen).to.be.greaterThan(300)
  })
  for (const name of ['aws.instance', 'aws.launch_template'])
    it(`counts bytes where AWS does, not characters: user data of ${name}`, async () => {
      const { args } = await findSchema(name)
      const wrong = (user_data: string) =>
        checkValues(args, { name: 'web', image: 'ami-1', type: 't3.small', user_data }, () => undefined)
      expect(wrong('é'.repeat(8192))).to.deep.equal([])
      expect(wrong('a'.repeat(16_384))).to.deep.equal([])
      const [fault, ...more] = wrong(`${'é'.repeat(8192)}!`)
      expect(fault).to.deep.include({ code: 'E116', message: '`user_data` takes at most 16384 bytes, not 16385' })
      expect(more).to.deep.equal([])
    })
})
