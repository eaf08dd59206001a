import { insteadOfKey, insteadOfModule } from './ansible.ts'
import { closest } from './closest.ts'
import type { Compiling } from './compiling.ts'
import { taskKeys } from './keys.ts'
import type { SourceMap } from './program.ts'
import { keyRange } from './reading.ts'

/** The one module that a task names; undefined (and a diagnostic) when there is none, or more than one. */
export function moduleOf(compiling: Compiling, item: SourceMap): string | undefined {
  const { reading, surroundings } = compiling
  const candidates = Object.keys(item).filter(
    (key) => !Object.hasOwn(taskKeys, key) && (surroundings.moduleNames.includes(key) || key.includes('.')),
  )
  const known = candidates.filter((key) => surroundings.moduleNames.includes(key))
  for (const key of candidates.filter((one) => !known.includes(one))) {
    const near =
      closest(key, surroundings.moduleNames) ??
      surroundings.moduleNames.find((name) => name.split('.')[1] === key.split('.').at(-1)) ??
      insteadOfModule(key)
    reading.fault(
      'E117',
      `unknown module \`${key}\``,
      keyRange(reading, item, key),
      near === undefined ? '`runner modules` lists them' : `did you mean \`${near}\`?`,
    )
  }
  const [first, second] = known
  if (second !== undefined) {
    reading.fault(
      'E118',
      `two modules in one task: ${known.join(' and ')}`,
      keyRange(reading, item, second),
      'make two tasks of it',
    )
  }
  if (first === undefined && candidates.length === 0) noModule(compiling, item)
  return second === undefined ? first : undefined
}

function noModule({ reading, surroundings }: Compiling, item: SourceMap): void {
  for (const key of Object.keys(item).filter((one) => !Object.hasOwn(taskKeys, one))) {
    const short = surroundings.moduleNames.find((name) => name.split('.')[1] === key)
    const near = short ?? insteadOfModule(key) ?? closest(key, [...surroundings.moduleNames, ...Object.keys(taskKeys)])
    reading.fault(
      'E117',
      `unknown module \`${key}\``,
      keyRange(reading, item, key),
      insteadOfKey(key) ?? (near === undefined ? '`runner modules` lists them' : `did you mean \`${near}\`?`),
    )
    return
  }
  reading.fault(
    'E119',
    'the task names no module',
    reading.ranges.get(item)?.self,
    'a task has exactly one, such as `system.file:`',
  )
}
