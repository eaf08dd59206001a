import type { Item, Play, Program, Task } from './program.ts'

/** The tasks of a list of items, those of blocks included, in the order they are written. */
export function tasksIn(items: readonly Item[]): readonly Task[] {
  return items.flatMap((item) =>
    item.kind === 'task' ? [item] : [item.block, item.rescue, item.always].flatMap(tasksIn),
  )
}

export function tasksOfPlay(play: Play): readonly Task[] {
  return play.sections.flatMap(tasksIn)
}

/** Every task of the program, in order; handlers of a play behind its tasks. */
export function tasksOfProgram(program: Program): readonly Task[] {
  return program.plays.flatMap((play) => [...tasksOfPlay(play), ...play.handlers])
}
