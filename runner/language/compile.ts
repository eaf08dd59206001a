import { checkReferences } from './check-references.ts'
import { compilePlay } from './compile-play.ts'
import type { Compiling, Surroundings } from './compiling.ts'
import { Failure, type Diagnostic } from './diagnostic.ts'
import { checkNames } from './check-names.ts'
import { ordered } from './ordered.ts'
import { importPlaybookKeys } from './keys.ts'
import { directoryOf, joined } from './paths.ts'
import type { Play, Program, Source, SourceMap } from './program.ts'
import { checkKeys, isSourceMap, makeReading, mapIn, textIn, textsIn, valueRange, type Reading } from './reading.ts'
import { readSource, type Ranges } from './source.ts'

/**
 * Turns a playbook and all that it imports into a {@link Program}. Every fault found is in `diagnostics`; there is no program
 * when the files can't be understood at all.
 */
export async function compileProgram(
  file: string,
  read: (file: string) => string,
  surroundings: Surroundings,
): Promise<{ program?: Program; diagnostics: readonly Diagnostic[] }> {
  const ranges: Ranges = new WeakMap()
  const reading = makeReading(ranges)
  const sources = new Map<string, string>()
  const compiling: Compiling = {
    reading,
    surroundings,
    directory: directoryOf(file),
    ids: new Set(),
    written: new WeakMap(),
    lost: new Set(),
    text: (name) => readText(name, read, sources, reading),
    source(name, named) {
      if (named && !surroundings.exists(name)) {
        reading.fault(
          'E204',
          `there is no file ${name}`,
          valueRange(reading, named.map, named.key),
          'names are relative to the file that gives them',
        )
        return undefined
      }
      const text = readText(name, read, sources, reading)
      if (text === undefined) return undefined
      const { value, diagnostics } = readSource(text, name, ranges)
      reading.diagnostics.push(...diagnostics)
      return value
    },
  }
  const plays = await compilePlaybook(compiling, file, [])
  const program: Program = {
    file,
    directory: directoryOf(file),
    plays,
    sources,
    locate: (container, key, part = 'value') => {
      const located = ranges.get(container)
      if (key === undefined) return located?.self
      return part === 'key' ? located?.keys.get(key) : (located?.values.get(key) ?? located?.keys.get(key))
    },
  }
  await checkReferences(compiling, program)
  await checkNames(compiling, program)
  return { program, diagnostics: ordered(reading.diagnostics, file) }
}

function readText(
  file: string,
  read: (file: string) => string,
  sources: Map<string, string>,
  reading: Reading,
): string | undefined {
  try {
    const text = sources.get(file) ?? read(file)
    sources.set(file, text)
    return text
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    reading.diagnostics.push(...error.diagnostics)
    return undefined
  }
}

async function compilePlaybook(compiling: Compiling, file: string, above: readonly string[]): Promise<readonly Play[]> {
  const { reading } = compiling
  const value = compiling.source(file)
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    const at = isSourceMap(value) ? reading.ranges.get(value)?.self : undefined
    reading.fault(
      'E121',
      'a playbook is a list of plays',
      at ?? { file, start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
      'begin each play with `- name: …`',
    )
    return []
  }
  const plays: Play[] = []
  for (const [index, item] of (value as readonly Source[]).entries()) {
    if (!isSourceMap(item))
      reading.fault('E121', 'a play is a map', valueRange(reading, value, index), 'begin it with `- name: …`')
    else if ('import_playbook' in item) plays.push(...(await importPlaybook(compiling, item, file, above)))
    else plays.push(await compilePlay(compiling, item, file, plays.length))
  }
  return plays
}

async function importPlaybook(
  compiling: Compiling,
  item: SourceMap,
  file: string,
  above: readonly string[],
): Promise<readonly Play[]> {
  const { reading } = compiling
  checkKeys(reading, item, importPlaybookKeys, 'an import of a playbook')
  const name = textIn(item, 'import_playbook')
  if (name === undefined) return []
  const target = joined(directoryOf(file), name)
  if (target === file || above.includes(target)) {
    reading.fault(
      'E206',
      `${name} imports itself`,
      valueRange(reading, item, 'import_playbook'),
      `leave out one of the imports: ${[...above, file, target].join(' → ')}`,
    )
    return []
  }
  if (!compiling.surroundings.exists(target)) {
    reading.fault(
      'E204',
      `there is no file ${target}`,
      valueRange(reading, item, 'import_playbook'),
      'names are relative to the file that gives them',
    )
    return []
  }
  const plays = await compilePlaybook(compiling, target, [...above, file])
  const vars = mapIn(item, 'vars')
  const tags = textsIn(item, 'tags')
  return plays.map((play) => ({
    ...play,
    vars: { ...play.vars, ...vars },
    tags: [...play.tags, ...tags],
    sections: play.sections,
  }))
}
