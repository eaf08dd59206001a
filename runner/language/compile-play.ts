import { compileItems } from './compile-task.ts'
import { uniqueId, type Compiling } from './compiling.ts'
import { inheritedFrom, type Inherited } from './inherited.ts'
import { playKeys } from './keys.ts'
import { directoryOf, joined, slug } from './paths.ts'
import type { Play, SourceMap, Task, Item } from './program.ts'
import { checkVariableNames } from './variable-names.ts'
import { mergedMaps } from './merged-maps.ts'
import { checkKeys, isSourceMap, keyRange, mapIn, textIn, textsIn, valueRange } from './reading.ts'

const start = { line: 1, column: 1 }

/** Turns one play of a file into data; faults go to the compilation's diagnostics. */
export async function compilePlay(compiling: Compiling, item: SourceMap, file: string, index: number): Promise<Play> {
  const { reading } = compiling
  checkPlayKeys(compiling, item)
  const hosts = textIn(item, 'hosts') ?? textsIn(item, 'hosts').join(', ')
  const name = textIn(item, 'name') ?? (hosts === '' ? `play ${index + 1}` : hosts)
  const id = uniqueId(compiling, slug(name))
  const tags = textsIn(item, 'tags')
  const inherited: Inherited = { ...inheritedFrom({}, reading), tags }
  const section = async (key: string): Promise<readonly Item[]> =>
    await compileItems(compiling, item, key, { file, prefix: id, inherited })
  checkVariableNames(reading, mapIn(item, 'vars'))
  const sections = [await section('pre_tasks'), await section('tasks'), await section('post_tasks')].filter(
    (items) => items.length > 0,
  )
  const handlers = (await section('handlers')).filter((one): one is Task => one.kind === 'task')
  const connection = item['connection']
  const percentage = item['max_fail_percentage']
  const { serial } = item
  const hostsAt = valueRange(reading, item, 'hosts')
  return {
    id,
    name,
    hosts: item['hosts'] ?? 'localhost',
    ...(hostsAt && { hostsAt }),
    ...(item['become'] !== undefined && { become: item['become'] }),
    ...(item['become_user'] !== undefined && { becomeUser: item['become_user'] }),
    ...((connection === 'ssh' || connection === 'local') && { connection }),
    ...(isSourceMap(item['aws']) && { aws: item['aws'] }),
    vars: mergedMaps(reading, [...varsFiles(compiling, item, file), mapIn(item, 'vars')]),
    environment: mapIn(item, 'environment'),
    serial: (serial === undefined ? [] : Array.isArray(serial) ? serial : [serial]) as (number | string)[],
    strategy: item['strategy'] === 'linear' ? 'linear' : 'free',
    ...(typeof percentage === 'number' && { maxFailPercentage: percentage }),
    anyErrorsFatal: item['any_errors_fatal'] === true,
    ...(item['gather'] !== undefined && { gather: textsIn(item, 'gather') }),
    tags,
    sections,
    handlers,
    at: valueRange(reading, item, 'name') ?? { file, start, end: start },
  }
}

function varsFiles(compiling: Compiling, item: SourceMap, file: string): readonly SourceMap[] {
  const { reading } = compiling
  const list = item['vars_files']
  const maps: SourceMap[] = []
  const names = typeof list === 'string' ? [list] : Array.isArray(list) ? list : []
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string') continue
    const named = Array.isArray(list) ? { map: list, key: index } : { map: item, key: 'vars_files' }
    const target = joined(directoryOf(file), name)
    const value = compiling.source(target, named)
    if (value === undefined || value === null) continue
    if (isSourceMap(value)) {
      checkVariableNames(reading, value)
      maps.push(value)
    } else
      reading.fault(
        'E124',
        'a file of variables is a map',
        { file: target, start, end: start },
        'write `name: value`, one a line',
      )
  }
  return maps
}

/** Checks a play's keys; says so when a task stands where a play belongs. */
function checkPlayKeys(compiling: Compiling, item: SourceMap): void {
  const { reading, surroundings } = compiling
  const module = Object.keys(item).find((key) => surroundings.moduleNames.includes(key))
  if (module !== undefined && !('tasks' in item)) {
    reading.fault(
      'E122',
      `a task (${module}) stands where a play belongs`,
      keyRange(reading, item, module),
      'put it under `tasks:` of a play with `hosts:`',
    )
    return
  }
  checkKeys(reading, item, playKeys, 'a play')
  if (!('hosts' in item))
    reading.fault(
      'E123',
      'the play does not say on which hosts',
      reading.ranges.get(item)?.self,
      'add `hosts: localhost` for AWS, or a group of the inventory',
    )
}
