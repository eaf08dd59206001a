import { checkValues } from './check.ts'
import { uniqueId, type Compiling } from './compiling.ts'
import type { Range } from './diagnostic.ts'
import { inheritedFrom, joinedWith, type Inherited } from './inherited.ts'
import { blockKeys, importTasksKeys, taskKeys } from './keys.ts'
import { directoryOf, joined, slug } from './paths.ts'
import type { Item, Source, SourceMap, Task } from './program.ts'
import { checkKeys, expressionsIn, isSourceMap, keyRange, mapIn, namesIn, textIn, valueRange } from './reading.ts'
import { argumentsOf, joinedArguments, locateArgument, withoutTaskKeys } from './task-arguments.ts'
import { moduleOf } from './task-module.ts'
import { checkVariableName } from './variable-names.ts'

interface Place {
  readonly file: string
  /** Id of the play. */
  readonly prefix: string
  readonly inherited: Inherited
  /** Files that are being imported. */
  readonly above?: readonly string[]
}

/** The tasks, blocks and imports under a key of a play or block. */
export async function compileItems(
  compiling: Compiling,
  map: SourceMap,
  key: string,
  place: Place,
): Promise<readonly Item[]> {
  const list = map[key]
  return Array.isArray(list) ? await compileList(compiling, list as readonly Source[], place) : []
}

async function compileList(compiling: Compiling, list: readonly Source[], place: Place): Promise<readonly Item[]> {
  const items: Item[] = []
  for (const [index, item] of list.entries()) {
    if (!isSourceMap(item))
      compiling.reading.fault(
        'E125',
        'a task is a map',
        valueRange(compiling.reading, list, index),
        'begin it with `- name: …`, then the module',
      )
    else if ('block' in item) items.push(await compileBlock(compiling, item, place))
    else if ('import_tasks' in item) items.push(...(await importTasks(compiling, item, place)))
    else {
      const task = await compileTask(compiling, item, place)
      if (task) items.push(task)
    }
  }
  return items
}

async function compileBlock(compiling: Compiling, item: SourceMap, place: Place): Promise<Item> {
  const { reading } = compiling
  checkKeys(reading, item, blockKeys, 'a block')
  const inner = { ...place, inherited: joinedWith(place.inherited, inheritedFrom(item, reading)) }
  const name = textIn(item, 'name')
  return {
    kind: 'block',
    ...(name !== undefined && { name }),
    block: await compileItems(compiling, item, 'block', inner),
    rescue: await compileItems(compiling, item, 'rescue', inner),
    always: await compileItems(compiling, item, 'always', inner),
    at: rangeOf(compiling, item, place),
  }
}

async function importTasks(compiling: Compiling, item: SourceMap, place: Place): Promise<readonly Item[]> {
  const { reading } = compiling
  checkKeys(reading, item, importTasksKeys, 'an import of tasks')
  const name = textIn(item, 'import_tasks')
  if (name === undefined) return []
  const file = joined(directoryOf(place.file), name)
  const above = [...(place.above ?? []), place.file]
  if (above.includes(file)) {
    reading.fault(
      'E206',
      `${name} imports itself`,
      valueRange(reading, item, 'import_tasks'),
      `leave out one of the imports: ${[...above, file].join(' → ')}`,
    )
    return []
  }
  const value = compiling.source(file, { map: item, key: 'import_tasks' })
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    const start = { line: 1, column: 1 }
    reading.fault('E126', 'a file of tasks is a list', { file, start, end: start }, 'begin each task with `- name: …`')
    return []
  }
  return await compileList(compiling, value as readonly Source[], {
    ...place,
    file,
    above,
    inherited: joinedWith(place.inherited, inheritedFrom(item, reading)),
  })
}

async function compileTask(compiling: Compiling, item: SourceMap, place: Place): Promise<Task | undefined> {
  const { reading } = compiling
  const module = moduleOf(compiling, item)
  if (module === undefined) {
    const lost = textIn(item, 'register')
    if (lost !== undefined) compiling.lost.add(lost)
    return undefined
  }
  const { args: schema } = await compiling.surroundings.schemas(module)
  const { [module]: given, ...keys } = item
  // the ranges belong to the whole map
  const located = reading.ranges.get(item)
  if (located) reading.ranges.set(keys, located)
  const misplaced: string[] = []
  for (const key of Object.keys(keys)) {
    if (Object.hasOwn(taskKeys, key) || !Object.hasOwn(schema.properties, key)) continue
    misplaced.push(key)
    reading.fault(
      'E111',
      `\`${key}\` is an argument of ${module}, not of the task`,
      keyRange(reading, item, key),
      `indent it below \`${module}:\``,
    )
    delete (keys as Record<string, Source>)[key]
  }
  checkKeys(reading, keys, taskKeys, 'a task')
  const own = withoutTaskKeys(compiling, argumentsOf(compiling, item, module, schema, given), module, schema)
  const understood = given === null || given === undefined || isSourceMap(given) || Object.keys(own).length > 0
  const args = joinedArguments(compiling, item, own, misplaced)
  const faults = checkValues(
    schema,
    args,
    (path, part) => locateArgument(reading, item, module, args, path, part),
    module,
  )
  if (understood) reading.diagnostics.push(...faults)
  const task = taskOf(compiling, item, place, module, args)
  compiling.written.set(task, item)
  return task
}

function rangeOf({ reading }: Compiling, item: SourceMap, place: Place): Range {
  const start = { line: 1, column: 1 }
  return (
    reading.ranges.get(item)?.values.get('name') ??
    reading.ranges.get(item)?.self ?? { file: place.file, start, end: start }
  )
}

function taskOf(compiling: Compiling, item: SourceMap, place: Place, module: string, args: SourceMap): Task {
  const { reading } = compiling
  const name = textIn(item, 'name') ?? module
  const own = joinedWith(place.inherited, inheritedFrom(item, reading))
  const control = mapIn(item, 'loop_control')
  const [until] = expressionsIn(reading, item, 'until')
  const [failedWhen] = expressionsIn(reading, item, 'failed_when')
  const [changedWhen] = expressionsIn(reading, item, 'changed_when')
  const number = (key: string): number | undefined => (typeof item[key] === 'number' ? item[key] : undefined)
  const register = textIn(item, 'register')
  checkVariableName(reading, item, 'register')
  checkVariableName(reading, control, 'loop_var')
  const timeout = number('timeout')
  return {
    kind: 'task',
    id: uniqueId(compiling, `${place.prefix}/${slug(name)}`),
    name,
    module,
    args,
    ...(register !== undefined && { register }),
    when: own.when,
    ...(item['loop'] !== undefined && { loop: item['loop'] }),
    loopVar: textIn(control, 'loop_var') ?? 'item',
    ...(control['label'] !== undefined && { loopLabel: control['label'] }),
    notify: own.notify,
    listen: namesIn(item, 'listen'),
    tags: own.tags,
    ...(own.become !== undefined && { become: own.become }),
    ...(own.becomeUser !== undefined && { becomeUser: own.becomeUser }),
    vars: own.vars,
    environment: own.environment,
    ...(until && { until }),
    retries: number('retries') ?? (until ? 3 : 0),
    delay: number('delay') ?? 5,
    ...(timeout !== undefined && { timeout }),
    ignoreErrors: own.ignoreErrors,
    ...(failedWhen && { failedWhen }),
    ...(changedWhen && { changedWhen }),
    noLog: own.noLog,
    ...(own.delegateTo !== undefined && { delegateTo: own.delegateTo }),
    runOnce: item['run_once'] === true,
    needs: namesIn(item, 'needs'),
    protect: item['protect'] === true,
    at: rangeOf(compiling, item, place),
  }
}
