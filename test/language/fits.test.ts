import { Ajv } from 'ajv'
import { expect } from 'chai'
import { fits } from '../../runner/language/fits.ts'
import { findSchema, moduleNames } from '../../runner/modules/find.ts'

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
})
