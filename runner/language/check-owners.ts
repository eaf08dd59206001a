import type { Compiling } from './compiling.ts'
import { Template } from './expression/expression.ts'
import type { Play, Program, Source, Task } from './program.ts'
import { tasksIn } from './tasks.ts'
import { keyRange } from './reading.ts'

/**
 * Two tasks that want the same AWS object differently would undo each other's work in every run. Only what is written plainly
 * is compared: conditions, loops and texts with other expressions may keep the two apart.
 */
export async function checkOwners(compiling: Compiling, program: Program): Promise<void> {
  const first = new Map<string, Task>()
  for (const play of program.plays) {
    for (const task of tasksIn(play.sections.flat())) {
      const object = await objectOf(compiling, play, task)
      if (object === undefined) continue
      const other = first.get(object)
      if (!other) first.set(object, task)
      else compare(compiling, other, task)
    }
  }
}

function compare({ reading }: Compiling, one: Task, other: Task): void {
  for (const [key, value] of Object.entries(other.args)) {
    const before = one.args[key]
    if (before === undefined || written(before) === written(value)) continue
    reading.fault(
      'E207',
      `“${one.name}” wants the same ${one.module}, but with another \`${key}\``,
      keyRange(reading, other.args, key),
      'make one task of both, or give one of the objects another name',
    )
  }
}

/** What a task makes, if that is certain from the text alone. */
async function objectOf({ surroundings }: Compiling, play: Play, task: Task): Promise<string | undefined> {
  if (!task.module.startsWith('aws.') || task.when.length > 0 || task.loop !== undefined) return undefined
  const { key } = await surroundings.schemas(task.module)
  const values = key.map((name) => task.args[name] ?? null)
  // the first names it; of the others some are only for things of another sort
  if (typeof values[0] !== 'string' || !values.every((value) => value === null || typeof value === 'string'))
    return undefined
  return JSON.stringify([task.module, written(play.aws ?? {}), values])
}

function written(source: Source): string {
  return JSON.stringify(source, (_key, value: unknown) => (value instanceof Template ? value.text : value))
}
