import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { expect } from 'chai'
import type { Output, Step } from '../../runner/connections/connection.ts'
import { Failure } from '../../runner/language/diagnostic.ts'
import { findModule, moduleFolder, moduleNames } from '../../runner/modules/find.ts'
import type { HostModule, Module } from '../../runner/modules/module.ts'
import type { Change } from '../../runner/plan/change.ts'
import { isMap, printable, Unknown, type Values } from '../../runner/plan/unknown.ts'
import { Secret } from '../../runner/secret.ts'
import { isExpression, localFile, localFolder, mapLeaves, readCases, readExample } from './case-file.ts'

const canary = 'canary-4711-of-a-secret'
const forms = [
  canary,
  Buffer.from(canary).toString('base64').replaceAll('=', ''),
  Buffer.from(canary).toString('hex'),
  createHash('sha256').update(canary).digest('hex'),
]

/** Arguments that a module gets along with, and what is there. */
interface Situation {
  readonly name: string
  readonly args: Values
  readonly have: unknown
}

for (const name of moduleNames()) {
  describe(`module ${name}, whatever its arguments are`, () => {
    let module: Module
    let situations: readonly Situation[]

    before(async () => {
      module = await findModule(name)
      situations = situationsOf(name, module)
    })

    it('understands every argument that is not known yet, and says so', () => {
      for (const { name, args, have } of situations) {
        const known = diffOf(module, args, have)
        const compared = new Set(known.fields.map((field) => field.path))
        for (const argument of others(module, args))
          for (const open of replacements(args[argument], new Unknown('a thing is made'), () => true)) {
            const want = { ...args, [argument]: open }
            const change = diffOf(module, want, have)
            if (module.on === 'runner' && known.why === undefined)
              expect(change.why, `${name} fails because ${argument} is not known`).to.equal(undefined)
            const named = change.fields.filter((field) => field.path === argument)
            if (open instanceof Unknown) {
              for (const field of named) expect(field.known, `${name}: ${argument} of ${show(args)}`).to.equal(false)
              if (compared.has(argument)) expect(named, `${name}: ${argument} of ${show(args)}`).to.have.length(1)
            }
            expect(printable(change.fields), name).to.deep.equal(JSON.parse(JSON.stringify(change.fields)))
            if (module.on === 'host') void [module.probe?.(want), module.effects?.(want)]
            if (module.on === 'aws') void module.charges?.(want, have as never)
          }
      }
    })

    it('shows no secret, whichever argument it is given in, and puts none on a command line', () => {
      for (const { name, args, have } of situations)
        for (const argument of others(module, args))
          for (const secret of replacements(args[argument], new Secret(canary), (leaf) => typeof leaf === 'string')) {
            const shown = show(everythingShown(module, { ...args, [argument]: secret }, have))
            for (const form of forms) expect(shown, `${name}: ${argument} of ${show(args)}`).to.not.contain(form)
          }
    })
  })
}

function situationsOf(name: string, module: Module): readonly Situation[] {
  const folder = moduleFolder(name)
  const examples = readExample(new URL('example.yml', folder)).filter((task) => task.module === name)
  const cases = existsSync(new URL('cases.yml', folder)) ? readCases(new URL('cases.yml', folder)) : []
  const nothingThere = (args: Values) => (module.on === 'host' ? module.blank(args) : undefined)
  return [
    ...examples.map((task) => {
      const args = asGiven(module, task.args)
      return { name: task.name, args, have: nothingThere(args) }
    }),
    ...cases
      .filter((one) => one.failure === undefined)
      .map((one) => ({
        name: one.name,
        args: one.args,
        have: one.have ?? parsed(module, one) ?? nothingThere(one.args),
      })),
  ]
}

function parsed(module: Module, { output, args }: { readonly output?: unknown; readonly args: Values }): unknown {
  if (module.on !== 'host' || output === undefined) return undefined
  return module.parse?.(
    { stdout: '', stderr: '', code: 0, ...(typeof output === 'string' ? { stdout: output } : (output as object)) },
    args,
  )
}

/** Arguments of an example as the engine would hand them over: files read, expressions not known yet. */
function asGiven(module: Module, args: Values): Values {
  const given = Object.entries(args).map(([name, value]) => {
    const schema = module.args.properties[name]
    if (schema?.['x-reads'] === 'file') return [name, localFile('a file', String(value))]
    if (schema?.['x-reads'] === 'folder') return [name, localFolder('a/; a/file text', String(value))]
    if (schema?.['x-reads'] === 'template') return [name, 'a text']
    if (schema?.['x-expressions'])
      return [
        name,
        (Array.isArray(value) ? value : [value]).map((text: unknown) => ({ text: String(text), holds: true })),
      ]
    if (module.key.includes(name)) return [name, value]
    return [name, mapLeaves(value, (leaf) => (isExpression(leaf) ? new Unknown('a thing is made') : leaf))]
  })
  return Object.fromEntries(given) as Values
}

function others(module: Module, args: Values): readonly string[] {
  return Object.keys(args).filter((name) => !module.key.includes(name))
}

/** The value itself replaced, and each leaf inside it. */
function replacements(
  value: unknown,
  by: Unknown | Secret,
  which: (leaf: unknown) => boolean,
): readonly Values[string][] {
  const whole = isMap(value) || Array.isArray(value) || which(value) ? [by] : []
  let count = 0
  if (isMap(value) || Array.isArray(value)) mapLeaves(value, (leaf) => void (which(leaf) && count++))
  const inside = Array.from({ length: count }, (_, nth) => {
    let index = 0
    return mapLeaves(value, (leaf) => (which(leaf) && index++ === nth ? by : leaf)) as Values[string]
  })
  return [...(by instanceof Secret && !which(value) ? [] : whole), ...inside]
}

function diffOf(module: Module, want: Values, have: unknown): Change {
  if (module.on !== 'runner') return module.diff(want, have as never)
  const { failure } = module.evaluate(want)
  return { action: 'none', fields: [], ...(failure !== undefined && { why: failure }) }
}

/** All that is printed about a task, or stands on a command line of the host. */
function everythingShown(module: Module, want: Values, have: unknown): unknown {
  try {
    if (module.on === 'runner') return printable(module.evaluate(want))
    const change = module.diff(want, have as never)
    if (module.on === 'aws') return [change, module.charges?.(want, have as never)]
    const steps = change.action === 'none' ? [] : module.steps(want, have, change)
    return [
      change,
      printable(returnedBy(module, want, have, steps)),
      [...steps, ...(module.undo?.(want, have) ?? [])].map(commandLine),
    ]
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.diagnostics
  }
}

function returnedBy(module: HostModule, want: Values, have: unknown, steps: readonly Step[]): Values {
  const done: readonly Output[] = steps.map(() => ({ stdout: '', stderr: '', code: 0 }))
  return module.returned(want, have, done)
}

function commandLine(step: Step): unknown {
  if (step.kind === 'exec') return step.argv
  return step.kind === 'script' ? step.text : [step.path, step.mode, step.owner, step.group, step.validate]
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
