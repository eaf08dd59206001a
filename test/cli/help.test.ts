import { expect } from 'chai'
import { topic } from '../../runner/cli/help.ts'
import { parseOptions, verbs } from '../../runner/cli/options.ts'
import { widthOf } from '../../runner/render/escape.ts'

const helpOf = (...words: readonly string[]): string => topic([...words, '--help'])?.text ?? ''

describe('--help', () => {
  for (const verb of ['', ...verbs]) {
    const words = verb === '' ? [] : [verb]
    it(`runner ${verb} --help fits a terminal and gives examples that the program understands`, () => {
      const text = helpOf(...words)
      for (const line of text.split('\n')) expect(widthOf(line), line).to.be.at.most(90)
      const examples = [...text.matchAll(/^ {2}runner ((?:"[^"]*"|\S| (?! ))+)/gm)].map(([, line]) => line as string)
      expect(examples).to.not.have.length(0)
      for (const example of examples.filter((line) => !/[A-Z…]{3,}|\[/.test(line))) {
        const argv = [...example.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
        expect(parseOptions(argv).verb, example).to.equal(argv[0])
      }
    })
  }

  it('names flags that there are, and all that change something', () => {
    for (const verb of verbs) {
      for (const [flag] of helpOf(verb).matchAll(/--[a-z][a-z-]+/g)) {
        const value =
          /--(out|output|inventory|var|limit|tags|skip-tags|start-at|ssh-config|allow-destroy|adopt|format|iam-policy)$/.test(
            flag,
          )
            ? [flag, flag === '--output' ? 'json' : 'x']
            : /--(forks|api-concurrency|lock-wait)$/.test(flag)
              ? [flag, '1']
              : flag === '--max-disruption'
                ? [flag, 'restart']
                : [flag]
        expect(() => parseOptions([verb, ...value]), `${verb} ${flag}`).not.to.throw()
      }
    }
    expect(helpOf('apply')).to.include.oneOf(['--prune']).and.to.contain('--resume').and.to.contain('--adopt')
  })
})
