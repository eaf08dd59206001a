import { closest } from './closest.ts'
import type { Compiling } from './compiling.ts'
import type { Range } from './diagnostic.ts'
import { referencesIn } from './expression/references.ts'
import type { Play, Program, Task } from './program.ts'
import { tasksIn } from './tasks.ts'
import { keyRange, valueRange } from './reading.ts'
import { checkOwners } from './check-owners.ts'

/** Checks names that tasks and variables have of each other. */
export async function checkNames(compiling: Compiling, program: Program): Promise<void> {
  for (const play of program.plays) {
    checkHandlersAndNeeds(compiling, play)
    checkCycles(compiling, play)
  }
  await checkOwners(compiling, program)
}

/** Handlers that are notified and tasks that are needed must be there. */
function checkHandlersAndNeeds(compiling: Compiling, play: Play): void {
  const tasks = tasksIn(play.sections.flat())
  const names = tasks.map((one) => one.name)
  const handlers = play.handlers.flatMap((handler) => [handler.name, ...handler.listen])
  for (const task of [...tasks, ...play.handlers]) {
    for (const name of task.notify.filter((one) => !handlers.includes(one))) {
      const near = closest(name, handlers)
      const hint = near === undefined ? '`handlers:` of the play lists them' : `did you mean “${near}”?`
      compiling.reading.fault('E203', `there is no handler “${name}”`, placeOf(compiling, task, 'notify', name), hint)
    }
    for (const name of task.needs.filter((one) => !names.includes(one))) {
      const near = closest(name, names)
      const hint = near === undefined ? '`needs` takes names of tasks of this play' : `did you mean “${near}”?`
      compiling.reading.fault('E205', `there is no task “${name}”`, placeOf(compiling, task, 'needs', name), hint)
    }
  }
}

/** Where a task names something; the task itself if what is around it does. */
function placeOf({ reading, written }: Compiling, task: Task, key: 'notify' | 'needs', name: string): Range {
  const map = written.get(task)
  const value = map?.[key]
  if (!map || value === undefined) return task.at
  if (!Array.isArray(value)) return valueRange(reading, map, key) ?? task.at
  return valueRange(reading, value, value.indexOf(name)) ?? task.at
}

/** A variable whose value needs the variable itself never gets one. */
function checkCycles({ reading, surroundings }: Compiling, { vars }: Play): void {
  const told = new Set<string>()
  const follow = (name: string, above: readonly string[]): void => {
    if (told.has(name) || !Object.hasOwn(vars, name) || surroundings.extraNames.includes(name)) return
    if (!above.includes(name)) {
      for (const { name: next } of referencesIn(vars[name] ?? null)) follow(next, [...above, name])
      return
    }
    const circle = above.slice(above.indexOf(name))
    for (const one of circle) told.add(one)
    reading.fault(
      'E312',
      `the variable ${name} needs itself: ${[...circle, name].join(' → ')}`,
      keyRange(reading, vars, name),
      'give one of them another name',
    )
  }
  for (const name of Object.keys(vars)) follow(name, [])
}
