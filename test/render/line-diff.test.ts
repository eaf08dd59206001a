import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { lineDiff } from '../../runner/render/line-diff.ts'

function diff(before: string, after: string): string {
  return lineDiff(before, after)
    .map(({ kind, text }) => `${kind === '@' ? '' : kind === '\\' ? '\\ ' : kind}${text}\n`)
    .join('')
}

describe('lineDiff', () => {
  it('shows what differs, with three lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n'
    expect(diff(before, before.replace('b\n', 'B\n').replace('m\n', ''))).to.equal(`@@ -1,5 +1,5 @@
 a
-b
+B
 c
 d
 e
@@ -10,5 +10,4 @@
 j
 k
 l
-m
 n
`)
  })

  it('says when the last line has no end', () => {
    expect(diff('a\n', 'a')).to.equal('@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n')
  })

  it('is empty for equal texts, and all of it for a new one', () => {
    expect(diff('a\nb\n', 'a\nb\n')).to.equal('')
    expect(diff('', 'a\nb\n')).to.equal('@@ -0,0 +1,2 @@\n+a\n+b\n')
    expect(diff('a\n', '')).to.equal('@@ -1 +0,0 @@\n-a\n')
  })

  it('is a patch that brings any text to any other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'line-diff-'))
    try {
      let seed = 7
      const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
      const some = (): string => {
        const lines = Array.from({ length: random(30) }, () => 'abcdef'[random(6)] ?? '')
        return lines.length === 0 ? '' : lines.join('\n') + (random(3) === 0 ? '' : '\n')
      }
      for (let round = 0; round < 40; round++) {
        const [before, after] = [some(), some()]
        if (before === after) continue
        const file = join(folder, `text${round}`)
        writeFileSync(file, before)
        const patch = `--- text${round}\n+++ text${round}\n${diff(before, after)}`
        const result = execFileSync('patch', ['--quiet', '--output=-', file], { input: patch, encoding: 'utf8' })
        expect(result, patch).to.equal(after)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('takes two long texts without anything in common in its stride', () => {
    const lines = (word: string): string => Array.from({ length: 3000 }, (_, index) => `${word}${index}\n`).join('')
    expect(lineDiff(lines('a'), lines('b'))).to.have.length(6001)
  })
})
