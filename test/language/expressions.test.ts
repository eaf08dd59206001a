import { expect } from 'chai'
import { Failure, type Range } from '../../runner/language/diagnostic.ts'
import { evaluate, render } from '../../runner/language/expression/evaluate.ts'
import { Template } from '../../runner/language/expression/expression.ts'
import { parseExpression, parseTemplate } from '../../runner/language/expression/parse.ts'
import { layered } from '../../runner/language/expression/scope.ts'
import { filterNames, testNames } from '../../runner/language/expression/signatures.ts'
import { hasSecret, printable, Unknown, type Value } from '../../runner/plan/unknown.ts'
import { Secret } from '../../runner/secret.ts'
import { cases, vars } from './expression-cases.ts'
import { failures } from './expression-failures.ts'

const at: Range = { file: 'x.yml', start: { line: 3, column: 5 }, end: { line: 3, column: 50 } }

function computed(text: string, more: Readonly<Record<string, Value>> = {}): Value {
  const all = { ...vars, ...more }
  const scope = layered([{ name: 'test', get: (name) => all[name], names: () => Object.keys(all) }], () => null)
  const { expression, diagnostics } = parseExpression(text, at)
  if (!expression) throw new Failure(diagnostics)
  return evaluate(expression, scope)
}

function rendered(text: string, more: Readonly<Record<string, Value>> = {}): Value {
  const all = { ...vars, ...more }
  const { template } = parseTemplate(text, at)
  return render(
    template,
    layered([{ name: 'test', get: (name) => all[name], names: () => Object.keys(all) }], () => null),
  )
}

describe('expressions', () => {
  for (const [text, value] of cases)
    it(`${text} gives ${JSON.stringify(value)}`, () => expect(computed(text)).to.deep.equal(value))

  for (const [text, code, said] of failures) {
    it(`${text} fails, at its place`, () => {
      const { diagnostics } = caught(() => computed(text))
      const [one] = diagnostics
      expect(one?.code).to.equal(code)
      expect(`${one?.message} ${one?.hint}`).to.contain(said)
      expect(one?.at?.start.line).to.equal(3)
      expect(one?.at?.start.column)
        .to.be.at.least(5)
        .and.at.most(5 + text.length)
    })
  }

  it('of every filter and test have a case', () => {
    const all = cases.map(([text]) => text).join('\n')
    expect(filterNames.filter((name) => !new RegExp(`\\| ${name}\\b|\\("${name}"`).test(all))).to.deep.equal([])
    expect(testNames.filter((name) => !new RegExp(`is (not )?${name}\\b`).test(all))).to.deep.equal([])
  })

  it('alone keep their type, and within a text become text', () => {
    expect(rendered('{{ size }}')).to.equal(3)
    expect(rendered('{{ names }}')).to.deep.equal(vars['names'])
    expect(rendered('{{ nothing }}')).to.equal(null)
    expect(rendered(' {{ size }}')).to.equal(' 3')
    expect(rendered('{{ name }}-{{ size }}{# said by nobody #}!')).to.equal('web-3!')
    expect(rendered('{{ {"a": {"b": 1}} }}')).to.deep.equal({ a: { b: 1 } })
    expect(rendered("{{ '}}' }}")).to.equal('}}')
    expect(parseTemplate('no expression', at).template).to.equal('no expression')
  })

  it('find their place in a block of several lines', () => {
    const { template } = parseTemplate('first\n  {{ absent }}', at)
    const [, expression] = (template as Template).parts
    expect((expression as { node: { at: Range } }).node.at.start).to.deep.equal({ line: 4, column: 10 })
  })
})

describe('what is not known yet', () => {
  const later = new Unknown('Network is created')
  const unknown = (text: string): void => {
    const value = computed(text, { later })
    expect(value, text).to.be.instanceOf(Unknown)
    expect((value as Unknown).why).to.equal('Network is created')
  }

  it('makes everything unknown that needs it', () => {
    for (const text of [
      'later',
      'later.member[3]',
      'names[later]',
      'later + 1',
      'later == 1',
      '"a" ~ later',
      'later | upper',
      '[later] | join(",")',
      '"x" | replace("x", later)',
      'names | combine(later) if false else later',
      '1 if later else 2',
      'later and yes',
      'not later',
      'later | length',
      'later is string',
      '[1, later] | sort',
      'later[1:]',
      '"b" in [later, "a"]',
    ])
      unknown(text)
    expect(rendered('x {{ later }}', { later })).to.be.instanceOf(Unknown)
  })

  it('is left out of account where the rest decides', () => {
    expect(computed('later and false', { later })).to.equal(false)
    expect(computed('later or yes', { later })).to.equal(true)
    expect(computed('"a" in [later, "a"]', { later })).to.equal(true)
    expect(computed('later is defined', { later })).to.equal(true)
    expect(computed('[later, 2] | last', { later })).to.equal(2)
    expect(computed('[later, 2] | length', { later })).to.equal(2)
    expect(computed('{"a": later, "b": 2}.b', { later })).to.equal(2)
    expect(printable(computed('{"a": later}', { later }))).to.deep.equal({ a: '(known after apply)' })
  })
})

describe('secrets in expressions', () => {
  const password = new Secret('hunter2')

  it('taint everything made from them, and nothing else', () => {
    for (const text of [
      'password',
      '"a" ~ password',
      'password | upper',
      'password | b64encode | b64decode',
      '[password] | join(",")',
      '{"p": password} | to_json',
      'password[1:]',
      'password | split("t") | first',
      '[password, "a"] | first',
      'password | hash',
      'password | length',
      'password if yes else ""',
      'absent | default(password)',
      'names | map("replace", "a", password)',
      '{"a": 1} | combine({"p": password})',
    ]) {
      const value = computed(text, { password })
      expect(hasSecret(value), text).to.equal(true)
      expect(JSON.stringify(printable(value)), text)
        .not.to.contain('hunter')
        .and.not.to.contain('HUNTER')
    }
    expect(computed('[password, "a"] | last', { password })).to.equal('a')
    expect(computed('password == "hunter2"', { password })).to.equal(true)
    expect(computed('password is string', { password })).to.equal(true)
    expect(computed('password | length > 6 and password | length < 8', { password })).to.equal(true)
    expect(computed('[password] | length', { password })).to.equal(1)
    expect((computed('"x" ~ password', { password }) as Secret).reveal()).to.equal('xhunter2')
  })

  it('are not said in errors', () => {
    for (const text of [
      'password | int',
      "'a' is match(password ~ '(')",
      'password | float',
      'password | from_json',
      'password | bool',
      'password + 1',
      'password.x',
    ]) {
      const { diagnostics } = caught(() => computed(text, { password }))
      expect(JSON.stringify(diagnostics), text).not.to.contain('hunter2')
    }
  })
})

function caught(work: () => unknown): Failure {
  try {
    work()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('it did not fail')
}
