import { expect } from 'chai'
import { widthOf } from '../../runner/render/escape.ts'
import { sides } from '../../runner/render/sides.ts'

const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/bookstore:1.2.'

type Case = readonly [name: string, before: string, after: string, columns: number, shown: readonly [string, string]]

const cases: readonly Case[] = [
  ['both whole where there is room', 'abc', 'abd', 6, ['abc', 'abd']],
  ['the beginnings where these differ', 'red and long', 'blue and long', 12, ['red a…', 'blue …']],
  [
    'the ends, with as much of what is equal as fits',
    `${image}3`,
    `${image}4`,
    40,
    ['…com/bookstore:1.2.3', '…com/bookstore:1.2.4'],
  ],
  ['a short one whole and the rest for the long one', 'a', 'b, then very much more', 12, ['a', 'b, then ve…']],
  ['what was added at the end', 'the same beginning', 'the same beginning, and this', 20, ['…ning', '…ning, and this']],
  ['wide characters by their columns', '日本語日本語x', '日本語日本語y', 12, ['…本語x', '…本語y']],
]

describe('two values in little room', () => {
  for (const [name, before, after, columns, shown] of cases)
    it(`show ${name}`, () => expect(sides(before, after, columns)).to.deep.equal(shown))

  it('always fit, and never look the same', () => {
    const texts = [
      '',
      'a',
      'aa',
      `${image}3`,
      `${image}4`,
      image,
      `${image}4 and some more`,
      `x${image}`,
      '日本語'.repeat(9),
      `${'日本語'.repeat(9)}!`,
    ]
    for (let columns = 8; columns <= 90; columns++) {
      for (const before of texts) {
        for (const after of texts.filter((text) => text !== before)) {
          const [from, to] = sides(before, after, columns)
          const what = `${JSON.stringify([before, after])} in ${columns}: ${from} | ${to}`
          expect(widthOf(from) + widthOf(to), what).to.be.at.most(columns)
          expect(from, what).not.to.equal(to)
        }
      }
    }
  })
})
