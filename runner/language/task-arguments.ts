import type { Compiling } from './compiling.ts'
import type { ObjectSchema } from '../modules/module.ts'
import type { Range } from './diagnostic.ts'
import { Template } from './expression/expression.ts'
import { taskKeys } from './keys.ts'
import type { Source, SourceMap } from './program.ts'
import { mergedMaps } from './merged-maps.ts'
import { isSourceMap, keyRange, valueRange, type Reading } from './reading.ts'

/** The arguments; what is written as one text is only understood where the module has one main argument. */
export function argumentsOf(
  { reading }: Compiling,
  item: SourceMap,
  module: string,
  schema: ObjectSchema,
  given: Source | undefined,
): SourceMap {
  if (given === null || given === undefined) return {}
  if (isSourceMap(given)) return given
  const main = schema['x-main']
  if (main !== undefined && (typeof given === 'string' || given instanceof Template)) {
    const args: SourceMap = { [main]: given }
    const [key, value] = [keyRange(reading, item, module), valueRange(reading, item, module)]
    if (key && value)
      reading.ranges.set(args, { self: value, keys: new Map([[main, key]]), values: new Map([[main, value]]) })
    return args
  }
  reading.fault(
    'E113',
    `the arguments of ${module} must be a map`,
    valueRange(reading, item, module),
    `write them below, or as \`${module}: { … }\``,
  )
  return {}
}

/** With arguments that stand beside the module, where they were meant to stand below it. */
export function joinedArguments(
  { reading }: Compiling,
  item: SourceMap,
  args: SourceMap,
  misplaced: readonly string[],
): SourceMap {
  if (misplaced.length === 0) return args
  const beside = Object.fromEntries(misplaced.map((key) => [key, item[key] as Source]))
  const located = reading.ranges.get(item)
  if (located) reading.ranges.set(beside, located)
  return mergedMaps(reading, [beside, args])
}

/** Without keys of the task that stand below the module. */
export function withoutTaskKeys(
  { reading }: Compiling,
  args: SourceMap,
  module: string,
  schema: ObjectSchema,
): SourceMap {
  const strange = Object.keys(args).filter(
    (key) => Object.hasOwn(taskKeys, key) && !Object.hasOwn(schema.properties, key) && !schema.additionalProperties,
  )
  for (const key of strange)
    reading.fault(
      'E111',
      `\`${key}\` is a key of the task, not an argument of ${module}`,
      keyRange(reading, args, key),
      `indent it as far as \`${module}:\``,
    )
  if (strange.length === 0) return args
  const rest = Object.fromEntries(Object.entries(args).filter(([key]) => !strange.includes(key)))
  const located = reading.ranges.get(args)
  if (located) reading.ranges.set(rest, located)
  return rest
}

export function locateArgument(
  reading: Reading,
  item: SourceMap,
  module: string,
  args: SourceMap,
  path: readonly (string | number)[],
  part: 'key' | 'value' = 'value',
): Range | undefined {
  let container: unknown = args
  let found = part === 'key' && path.length === 0 ? keyRange(reading, item, module) : keyRange(reading, item, module)
  for (const [index, key] of path.entries()) {
    if (typeof container !== 'object' || container === null) break
    const place = Array.isArray(container) ? Number(key) : key
    const last = index === path.length - 1
    found =
      (last && part === 'key' ? keyRange(reading, container, place) : valueRange(reading, container, place)) ?? found
    container = (container as Record<string | number, unknown>)[place]
  }
  return found
}
