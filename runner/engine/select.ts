import { failure } from '../language/diagnostic.ts'
import type { Program, Task } from '../language/program.ts'
import { closest } from '../language/closest.ts'
import { tasksOfPlay, tasksOfProgram } from '../language/tasks.ts'

export interface Selection {
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  /** Name of the first task to run. */
  readonly startAt?: string
}

/**
 * Which tasks the command line selects. As in Ansible, `always` runs unless skipped by name and `never` only when one of
 * its tags is asked for. What is not selected changes nothing; cloud tasks are still read where others refer to them.
 */
export function selector(program: Program, selection: Selection): (task: Task) => boolean {
  for (const tag of [...selection.tags, ...selection.skipTags]) checkTag(program, tag)
  const before = selection.startAt === undefined ? new Set<Task>() : tasksBefore(program, selection.startAt)
  return (task) => !before.has(task) && chosen(task.tags, selection)
}

const everywhere: readonly string[] = ['all', 'tagged', 'untagged', 'always', 'never']

/** A tag that no task has selects nothing (or skips nothing): it was misspelt. */
function checkTag(program: Program, tag: string): void {
  const tags = new Set(tasksOfProgram(program).flatMap((task) => task.tags))
  if (everywhere.includes(tag) || tags.has(tag)) return
  const near = closest(tag, [...tags])
  const list = tags.size === 0 ? 'this playbook has no tags' : `the tags are ${[...tags].toSorted().join(' ')}`
  throw failure('E782', `no task has the tag \`${tag}\``, {
    hint: near === undefined ? list : `did you mean \`${near}\`?`,
  })
}

function chosen(tags: readonly string[], { tags: wanted, skipTags }: Selection): boolean {
  const has = (list: readonly string[]): boolean =>
    list.some(
      (tag) =>
        tags.includes(tag) ||
        tag === 'all' ||
        (tag === 'tagged' && tags.length > 0) ||
        (tag === 'untagged' && tags.length === 0),
    )
  if (has(skipTags)) return false
  if (wanted.length > 0)
    return (
      has(wanted.filter((tag) => !['all', 'tagged'].includes(tag) || !tags.includes('never'))) ||
      tags.includes('always')
    )
  return !tags.includes('never')
}

function tasksBefore(program: Program, name: string): ReadonlySet<Task> {
  const all = program.plays.flatMap(tasksOfPlay)
  const at = all.findIndex((task) => task.name === name)
  if (at === -1) {
    throw failure('E781', `no task is named “${name}”`, {
      hint: `the tasks are: ${all
        .map((task) => task.name)
        .join(', ')
        .slice(0, 400)}`,
    })
  }
  return new Set(all.slice(0, at))
}
