import { expect } from 'chai'
import type { Diagnostic } from '../../runner/language/diagnostic.ts'
import { renderDiagnostics } from '../../runner/render/diagnostic.ts'
import { widthOf } from '../../runner/render/escape.ts'

const file = 'playbooks/objective2.yml'

function at(line: number, column: number, length: number, name = file): NonNullable<Diagnostic['at']> {
  return { file: name, start: { line, column }, end: { line, column: column + length } }
}

function draw(list: readonly Diagnostic[], source: string, width: number, colour = false): string {
  return renderDiagnostics(list, { sources: new Map([[file, source]]), width, colour })
}

function onLine(line: number, text: string): string {
  return `${'\n'.repeat(line - 1)}${text}\n`
}

const misspelt: Diagnostic = {
  severity: 'error',
  code: 'E112',
  message: 'unknown argument `max_sizes` of aws.autoscaling_group',
  at: at(87, 9, 9),
  hint: 'did you mean `max_size`?',
}

describe('renderDiagnostics', () => {
  const source = onLine(87, '        max_sizes: 6')

  for (const width of [80, 200]) {
    it(`draws the frame of the language's specification at ${width} columns`, () => {
      expect(draw([misspelt], source, width)).to
        .equal(`error[E112] unknown argument \`max_sizes\` of aws.autoscaling_group
  --> playbooks/objective2.yml:87:9
   |
87 |         max_sizes: 6
   |         ^^^^^^^^^ did you mean \`max_size\`?
`)
    })
  }

  it('puts the hint below and windows the line at 20 columns', () => {
    expect(draw([misspelt], source, 20)).to.equal(`error[E112] unknown argument \`max_sizes\` of aws.autoscaling_group
  --> playbooks/objective2.yml:87:9
   |
87 | …    max_sizes…
   |      ^^^^^^^^^
   = hint: did you mean \`max_size\`?
`)
  })

  it('shows the part of a long line around the fault', () => {
    const long = `    run: ${'a'.repeat(100)} {{ wrng }} ${'b'.repeat(100)}`
    const list: Diagnostic[] = [{ severity: 'error', code: 'E120', message: 'unknown variable', at: at(1, 114, 4) }]
    expect(draw(list, long, 80)).to.equal(`error[E120] unknown variable
  --> playbooks/objective2.yml:1:114
  |
1 | …aaaaaaaaaaaaaaaaaaaaa {{ wrng }} bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
  |                           ^^^^
`)
  })

  it('needs no range, and no source', () => {
    const list: Diagnostic[] = [
      { severity: 'error', code: 'E905', message: 'which playbook?', hint: 'runner plan PLAYBOOK' },
      { severity: 'warning', code: 'W201', message: 'not used', at: at(3, 2, 4, 'other.yml'), hint: 'remove it' },
    ]
    expect(draw(list, '', 80)).to.equal(`error[E905] which playbook?
  = hint: runner plan PLAYBOOK

warning[W201] not used
  --> other.yml:3:2
  = hint: remove it

1 error, 1 warning
`)
  })

  it('counts many', () => {
    const error: Diagnostic = { severity: 'error', code: 'E1', message: 'no' }
    const warning: Diagnostic = { severity: 'warning', code: 'W1', message: 'well' }
    const last = (list: Diagnostic[]): string | undefined => draw(list, '', 80).trimEnd().split('\n').at(-1)
    expect(last([error, error, error, warning])).to.equal('3 errors, 1 warning')
    expect(last([warning, warning])).to.equal('2 warnings')
    expect(last([error])).to.equal('error[E1] no')
  })

  it('marks to the end of the line when a range has several, and behind it when there is nothing', () => {
    const range = { file, start: { line: 1, column: 3 }, end: { line: 4, column: 1 } }
    expect(draw([{ severity: 'error', code: 'E1', message: 'm', at: range }], 'a: [1, 2\nb\n', 80)).to.contain(`
1 | a: [1, 2
  |   ^^^^^^
`)
    expect(draw([{ severity: 'error', code: 'E1', message: 'm', at: at(1, 4, 1) }], 'a: \n', 80)).to.contain(`
1 | a:
  |    ^
`)
  })

  it('keeps the carets under what they mark: tabs, wide characters, escapes before it', () => {
    const list: Diagnostic[] = [{ severity: 'error', code: 'E1', message: 'm', at: at(1, 7, 3) }]
    expect(draw(list, '\t日\u001B本é bad', 80)).to.contain(`
1 |     日\\x1b本é bad
  |               ^^^
`)
  })

  it('lets nothing hostile through, whatever it stands in', () => {
    const evil = 'a\u001B]0;x\u0007b\u202Ec\u009Bd\re'
    const list: Diagnostic[] = [
      { severity: 'error', code: 'E1', message: `${evil}\nsecond line`, at: at(1, 1, 1, evil), hint: evil },
    ]
    const drawn = renderDiagnostics(list, { sources: new Map([[evil, evil]]), width: 80, colour: false })
    expect(drawn).to.equal(`error[E1] a\\x1b]0;x\\x07b\\u202ec\\x9bd\\x0de
  second line
  --> a\\x1b]0;x\\x07b\\u202ec\\x9bd\\x0de:1:1
  |
1 | a\\x1b]0;x\\x07b\\u202ec\\x9bd\\x0de
  | ^ a\\x1b]0;x\\x07b\\u202ec\\x9bd\\x0de
`)
  })

  it('never draws code or carets wider than the terminal, wherever the fault is', () => {
    const line = `name: "${'日本 text '.repeat(12)}"`
    for (const width of [20, 21, 30, 80]) {
      for (let column = 1; column <= line.length + 1; column++) {
        const drawn = draw([{ severity: 'error', code: 'E1', message: 'm', at: at(1, column, 5) }], line, width)
        const frame = drawn.split('\n').slice(2)
        expect(Math.max(...frame.map(widthOf)), `column ${column} at ${width}`).to.be.at.most(width)
        expect(frame.join('\n')).to.contain('^')
      }
    }
  })

  it('colours when asked to', () => {
    expect(draw([{ severity: 'warning', code: 'W1', message: 'm' }], '', 80, true)).to.equal(
      '\u001B[33m\u001B[1mwarning[W1]\u001B[22m\u001B[39m \u001B[1mm\u001B[22m\n',
    )
  })
})
