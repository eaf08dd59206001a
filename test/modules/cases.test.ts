import { existsSync } from 'node:fs'
import { expect } from 'chai'
import type { Cloud } from '../../runner/connections/cloud.ts'
import type { Output } from '../../runner/connections/connection.ts'
import { Failure } from '../../runner/language/diagnostic.ts'
import { findModule, findSchema, moduleFolder, moduleNames } from '../../runner/modules/find.ts'
import { refuseForeign } from '../../runner/engine/adopt.ts'
import type { CloudModule, Found, HostModule, Module, RunnerModule } from '../../runner/modules/module.ts'
import { withUpdates, type Change } from '../../runner/plan/change.ts'
import { printable } from '../../runner/plan/unknown.ts'
import { readCases, readExample, type Case } from './case-file.ts'
import { chargeAsWritten, comparable, matching, stepsAsWritten } from './expectation.ts'
import { schemaErrors } from './schema-check.ts'

for (const name of moduleNames()) {
  describe(`module ${name}`, () => {
    const folder = moduleFolder(name)
    const cases = new URL('cases.yml', folder)
    let module: Module

    before(async () => {
      module = await findModule(name)
    })

    it('describes itself: summary, arguments, outputs and key', async () => {
      const { summary, args, returns, key } = await findSchema(name)
      expect(summary).to.match(/^[A-Z].*[^.]$/)
      expect(Object.keys(args.properties)).to.include.members([...key])
      for (const [property, schema] of [...Object.entries(args.properties), ...Object.entries(returns.properties)])
        expect(schema.description, property).to.match(/\.$/)
      expect({ summary: module.summary, args: module.args, returns: module.returns, key: module.key }).to.deep.equal({
        summary,
        args,
        returns,
        key,
      })
    })

    it('has examples that its schema accepts', async () => {
      const { args } = await findSchema(name)
      const tasks = readExample(new URL('example.yml', folder)).filter((task) => task.module === name)
      expect(tasks.length).to.be.greaterThan(0)
      for (const task of tasks) expect(schemaErrors(args, task.args), task.name).to.deep.equal([])
    })

    it('has cases', () => {
      expect(existsSync(cases) && readCases(cases).length).to.be.greaterThan(0)
    })

    for (const one of existsSync(cases) ? readCases(cases) : []) {
      it(one.name, () => {
        expect(schemaErrors(module.args, one.args)).to.deep.equal([])
        if (one.failure !== undefined) expectFailure(module, one)
        else check(module, one)
      })
    }
  })
}

function check(module: Module, one: Case): void {
  if (module.on === 'runner') checkRunner(module, one)
  else if (module.on === 'aws') checkChange(cloudChange(module as CloudModule, one), one)
  else checkHost(module, one)
}

/** What a case has, if it says of whom it is: most leave that out. */
function ownedBySomebody(have: unknown): Found | undefined {
  const found = have as Found | null | undefined
  return found?.tags?.['runner:playbook'] === undefined ? undefined : found
}

/** As the engine takes it: every field that an update names must be in the table of what changing it does. */
function cloudChange(module: CloudModule, one: Case): Change {
  const change = module.diff(one.args, (one.have ?? undefined) as never)
  refuseForeign(one.name, ownedBySomebody(one.have), { playbook: 'cases' } as Cloud)
  if (change.action === 'update' || change.action === 'replace')
    for (const { path } of change.fields) expect(module.updates?.[path], `updates.ts: ${path}`).to.be.an('object')
  if (one.charges !== undefined) {
    const { before, after } = module.charges?.(one.args, (one.have ?? undefined) as never) ?? { before: [], after: [] }
    expect({ before: before.map(chargeAsWritten), after: after.map(chargeAsWritten) }).to.deep.equal(one.charges)
  }
  return withUpdates(change, module.updates ?? {})
}

function checkHost(module: HostModule, one: Case): void {
  const have = haveOf(module, one)
  const change = module.diff(one.args, have)
  checkChange(change, one)
  const act = change.action !== 'none'
  if (one.steps !== undefined)
    matching(act ? module.steps(one.args, have, change).map(stepsAsWritten(one.steps)) : [], one.steps, 'steps')
  if (one.undo !== undefined)
    matching((module.undo?.(one.args, have) ?? []).map(stepsAsWritten(one.undo)), one.undo, 'undo')
  if (one.returned !== undefined) {
    const done = one.done?.map(outputOf)
    matching(comparable(module.returned(one.args, have, done)), comparable(one.returned), 'returned')
  }
}

function haveOf(module: HostModule, one: Case): unknown {
  if (one.have === null) return module.blank(one.args)
  if (one.have !== undefined) return one.have
  if (one.output === undefined || !module.parse) return module.parse ? module.blank(one.args) : undefined
  module.probe?.(one.args)
  return module.parse(outputOf(one.output), one.args)
}

function outputOf(output: NonNullable<Case['output']>): Output {
  return { stdout: '', stderr: '', code: 0, ...(typeof output === 'string' ? { stdout: output } : output) }
}

function checkChange(change: Change, one: Case): void {
  if (one.action !== undefined) expect(change.action).to.equal(one.action)
  if (one.why !== undefined) expect(change.why).to.contain(one.why)
  if (one.warns !== undefined) expect(change.warns ?? false).to.equal(one.warns)
  if (one.fields === undefined) return
  const expected = one.fields.map((field) => ({ known: true, ...field }))
  matching(change.fields.map(comparable), comparable(expected), 'fields')
}

function checkRunner(module: RunnerModule, one: Case): void {
  const { returned, message, failure, facts } = module.evaluate(one.args)
  expect(failure).to.equal(one.fails)
  if (one.message !== undefined) expect(message).to.equal(one.message)
  if (one.returned !== undefined) expect(printable(returned)).to.deep.equal(printable(one.returned))
  if (one.facts !== undefined) expect(printable(facts)).to.deep.equal(printable(one.facts))
}

function expectFailure(module: Module, one: Case): void {
  let codes: readonly string[] = []
  try {
    check(module, one)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    codes = error.diagnostics.map((diagnostic) => diagnostic.code)
  }
  // one that has two places is told of at both
  expect([...new Set(codes)]).to.deep.equal([one.failure])
}
