import { expect } from 'chai'
import { clip, escapeLine, escapeTerminal, hang, paint, widthOf, wrap } from '../../runner/render/escape.ts'

describe('escapeTerminal', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain text', 'plain text'],
    ['a\u001B[31mred', 'a\\x1b[31mred'],
    ['\u001B]52;c;ZXZpbA==\u0007', '\\x1b]52;c;ZXZpbA==\\x07'],
    ['\u009B2J', '\\x9b2J'],
    ['bell\u0007 null\u0000 delete\u007F', 'bell\\x07 null\\x00 delete\\x7f'],
    ['user\u202Etxt.exe', 'user\\u202etxt.exe'],
    ['\u2066a\u2069 \u061C \u200F', '\\u2066a\\u2069 \\u061c \\u200f'],
    ['zero\u200Bwidth\uFEFF', 'zero\\u200bwidth\\ufeff'],
    ['line\u2028separator', 'line\\u2028separator'],
    ['tag\u{E0041}', 'tag\\u{e0041}'],
    ['half \uD83D', 'half \\ud83d'],
    ['over\rwritten', 'over\\x0dwritten'],
    ['a\r\nb\r', 'a\nb'],
    ['tab\tand\nline', 'tab\tand\nline'],
    ['é ü 日本 🚀 می‌خواهم', 'é ü 日本 🚀 می‌خواهم'],
  ]
  for (const [text, safe] of cases) {
    it(`makes ${JSON.stringify(safe)}`, () => {
      expect(escapeTerminal(text)).to.equal(safe)
    })
  }

  it('keeps to one line where there is room for one only', () => {
    expect(escapeLine('a\r\nb\n\tc\u001B')).to.equal('a⏎b⏎ c\\x1b')
  })
})

describe('hang', () => {
  it('indents all lines but the first', () => {
    expect(hang('one two three four', 9)).to.deep.equal(['one two', '    three', '    four'])
    expect(hang('one', 9)).to.deep.equal(['one'])
    expect(hang('one two', Number.POSITIVE_INFINITY)).to.deep.equal(['one two'])
  })
})

describe('widthOf, clip and wrap', () => {
  it('counts columns, not characters', () => {
    const widths = ['abc', '日本', 'e\u0301', '🚀', 'ｆ', '한', ''].map(widthOf)
    expect(widths).to.deep.equal([3, 4, 1, 2, 2, 2, 0])
  })

  it('cuts by columns and says so', () => {
    expect(clip('abcdef', 6)).to.equal('abcdef')
    expect(clip('abcdef', 5)).to.equal('abcd…')
    expect(clip('日本語', 5)).to.equal('日本…')
    expect(clip('日本語', 4)).to.equal('日…')
    expect(clip('abc', 1)).to.equal('…')
    expect(clip('abc', 0)).to.equal('')
  })

  it('breaks between words, and words that are too long', () => {
    expect(wrap('one two three', 8)).to.deep.equal(['one two', 'three'])
    expect(wrap('a verylongword b', 6)).to.deep.equal(['a', 'verylo', 'ngword', 'b'])
    expect(wrap('a\nb', 6)).to.deep.equal(['a', 'b'])
  })
})

describe('paint', () => {
  it('colours, or leaves the text as it is', () => {
    expect(paint(true).red('x')).to.equal('\u001B[31mx\u001B[39m')
    expect(paint(false).red('x')).to.equal('x')
  })
})
