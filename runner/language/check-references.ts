import { closest } from './closest.ts'
import type { Compiling } from './compiling.ts'
import type { Expression } from './expression/expression.ts'
import { Template } from './expression/expression.ts'
import { parseExpression, parseTemplate } from './expression/parse.ts'
import { referencesIn, referencesOf, type Reference } from './expression/references.ts'
import { joined } from './paths.ts'
import type { Play, Program, Source, Task } from './program.ts'
import { tasksIn } from './tasks.ts'
import { valueRange } from './reading.ts'
import { magicNames } from './variable-names.ts'

const ofResults = ['changed', 'failed', 'skipped']

interface Registered {
  readonly task: Task
  readonly ordinal: number
  readonly outputs: readonly string[] | undefined
}

/** Checks that what expressions, `notify` and `needs` refer to exists: a misspelt output is found before anything runs. */
export async function checkReferences(compiling: Compiling, program: Program): Promise<void> {
  const tasks = program.plays.flatMap((play) =>
    [...play.sections.flatMap(tasksIn), ...play.handlers].map((task) => ({ play, task })),
  )
  const registered = new Map<string, Registered[]>()
  const facts = new Set<string>()
  for (const [ordinal, { task }] of tasks.entries()) {
    if (task.module === 'system.set_facts') for (const name of Object.keys(factsOf(task))) facts.add(name)
    if (task.register === undefined) continue
    const { returns } = await compiling.surroundings.schemas(task.module)
    const outputs = returns.additionalProperties ? undefined : Object.keys(returns.properties)
    const list = registered.get(task.register) ?? []
    registered.set(task.register, [...list, { task, ordinal, outputs }])
  }
  const names = {
    registered,
    others: [...magicNames, ...facts, ...compiling.surroundings.extraNames, ...compiling.lost],
  }
  for (const play of program.plays) {
    for (const source of [play.vars, play.environment, play.aws ?? {}, play.hosts])
      check(compiling, play, names, referencesIn(source), Number.POSITIVE_INFINITY, [])
  }
  for (const [ordinal, { play, task }] of tasks.entries()) {
    const own = [...Object.keys(task.vars), ...(task.loop === undefined ? [] : [task.loopVar])]
    check(compiling, play, names, await referencesOfTask(compiling, program, task), ordinal, own, task)
    // these look at the task's own result
    const after = [task.until, task.failedWhen, task.changedWhen].flatMap((one) => (one ? referencesOf(one.node) : []))
    check(compiling, play, names, after, task.register === undefined ? ordinal : ordinal + 1, [...own, 'result'])
  }
}

function factsOf(task: Task): object {
  const inner = task.args['facts']
  return typeof inner === 'object' && inner !== null && !(inner instanceof Template) ? inner : task.args
}

async function referencesOfTask(compiling: Compiling, program: Program, task: Task): Promise<readonly Reference[]> {
  const { args } = await compiling.surroundings.schemas(task.module)
  const found: Reference[] = task.when.flatMap((condition: Expression) => referencesOf(condition.node))
  for (const source of [
    task.loop,
    task.loopLabel,
    task.delegateTo,
    task.become,
    task.becomeUser,
    task.vars,
    task.environment,
  ]) {
    if (source !== undefined) found.push(...referencesIn(source))
  }
  for (const [key, source] of Object.entries(task.args)) {
    const property = (args.properties[key] ?? {}) as { 'x-reads'?: string; 'x-expressions'?: true }
    if (property['x-expressions']) found.push(...inExpressions(compiling, task, key, source))
    else found.push(...referencesIn(source))
    if (property['x-reads'] && typeof source === 'string')
      found.push(...inFile(compiling, program, task, key, source, property['x-reads']))
  }
  return found
}

function inExpressions({ reading }: Compiling, task: Task, key: string, source: Source): readonly Reference[] {
  const list = Array.isArray(source) ? (source as readonly Source[]) : [source]
  return list.flatMap((text, index) => {
    const at = Array.isArray(source) ? valueRange(reading, source, index) : valueRange(reading, task.args, key)
    const bare = text instanceof Template ? text.text : text
    if (typeof bare !== 'string' || !at) return []
    const { expression, diagnostics } = parseExpression(bare, at)
    reading.diagnostics.push(...diagnostics)
    return expression ? referencesOf(expression.node) : []
  })
}

function inFile(
  compiling: Compiling,
  program: Program,
  task: Task,
  key: string,
  name: string,
  how: string,
): readonly Reference[] {
  const { reading, surroundings } = compiling
  const file = joined(program.directory, name)
  if (!surroundings.exists(file)) {
    reading.fault(
      'E204',
      `there is no file ${file}`,
      valueRange(reading, task.args, key),
      'names are relative to the playbook’s folder',
    )
    return []
  }
  if (how !== 'template') return []
  const text = compiling.text(file)
  const start = { line: 1, column: 1 }
  const { template, diagnostics } = parseTemplate(text ?? '', { file, start, end: start })
  reading.diagnostics.push(...diagnostics)
  return template instanceof Template ? referencesIn(template) : []
}

interface Names {
  readonly registered: ReadonlyMap<string, readonly Registered[]>
  readonly others: readonly string[]
}

function check(
  compiling: Compiling,
  play: Play,
  names: Names,
  references: readonly Reference[],
  ordinal: number,
  own: readonly string[],
  task?: Task,
): void {
  const defined = new Set([...own, ...names.others, ...Object.keys(play.vars)])
  for (const reference of references) {
    const { name, guarded, at, path } = reference
    const results = names.registered.get(name)
    if (defined.has(name)) continue
    if (!results) {
      if (guarded) continue
      const near = closest(name, [...defined, ...names.registered.keys()])
      compiling.reading.fault(
        'E310',
        `the variable \`${name}\` is not defined`,
        at,
        name === 'item' && task?.loop !== undefined
          ? `the item is called \`${task.loopVar}\` here (loop_var)`
          : near === undefined
            ? 'set it under vars, in the inventory or with -e; or say `| default(…)`'
            : `did you mean \`${near}\`?`,
      )
      continue
    }
    const before = results.filter((one) => one.ordinal < ordinal)
    if (before.length === 0) {
      if (!guarded)
        compiling.reading.fault(
          'E202',
          results[0]?.task === task
            ? `\`${name}\` is what this task itself registers`
            : `\`${name}\` is registered only later, by “${results[0]?.task.name}”`,
          at,
          results[0]?.task === task
            ? 'only until, failed_when and changed_when can look at it'
            : 'put that task before this one',
        )
    } else checkOutput(compiling, before, path, reference)
  }
}

function checkOutput(
  { reading }: Compiling,
  results: readonly Registered[],
  path: Reference['path'],
  { at, name }: Reference,
): void {
  const [output] = path
  if (typeof output !== 'string' || results.some((one) => one.outputs === undefined)) return
  const outputs = results.flatMap(({ outputs: own, task }) =>
    task.loop === undefined ? [...(own ?? []), ...ofResults] : ['results', ...ofResults],
  )
  if (outputs.includes(output)) return
  const near = closest(output, outputs)
  const module = results[0]?.task.module
  const looped = results.every((one) => one.task.loop !== undefined)
  reading.fault(
    'E201',
    looped
      ? `“${results[0]?.task.name}” is a loop: \`${name}\` has only ${[...new Set(outputs)].join(', ')}`
      : `${module} has no output \`${output}\``,
    at,
    near === undefined ? `it has ${[...new Set(outputs)].join(' ')}` : `did you mean \`${near}\`?`,
  )
}
