import { expect } from 'chai'
import { paint } from '../../runner/render/escape.ts'
import { laidOut } from '../../runner/render/laid-out.ts'

const red = paint(true).red

describe('text on a terminal', () => {
  it('is left alone where it fits', () => {
    expect(laidOut(`one two\n  ${red('three')}\n`, 9)).to.equal(`one two\n  ${red('three')}\n`)
    expect(laidOut('one two three', Number.POSITIVE_INFINITY)).to.equal('one two three')
  })

  it('breaks between words, and goes on below the first word behind the mark', () => {
    expect(laidOut('  ✔ Web access for the whole world 1.4 s\nnext\n', 20)).to.equal(
      '  ✔ Web access for\n    the whole world\n    1.4 s\nnext\n',
    )
  })

  it('counts no codes of colours, and keeps them', () => {
    expect(laidOut(`  ${red('✔')} Web ${red('access for')} all`, 14)).to.equal(
      `  ${red('✔')} Web ${red('access').slice(0, -5)}\n    for\u001B[39m all`,
    )
  })

  it('breaks a word only that is longer than a line', () => {
    expect(laidOut('  at /a/long/path/somewhere end', 14)).to.equal('  at\n    /a/long/pa\n    th/somewhe\n    re end')
  })

  it('ends on the narrowest of terminals, too', () => {
    expect(laidOut('      ab cd', 3).replaceAll(/\s/g, '')).to.equal('abcd')
    expect(laidOut('日本語', 1)).to.equal('日\n本\n語')
  })
})
