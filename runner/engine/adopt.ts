import type { Cloud } from '../connections/cloud.ts'
import { failure } from '../language/diagnostic.ts'
import type { Task } from '../language/program.ts'
import type { CloudModule, Found } from '../modules/module.ts'
import type { Change } from '../plan/change.ts'
import type { WalkOptions } from './walk.ts'

const tag = 'runner:playbook'

/** Whether something belongs to somebody else: it carries another playbook's tag, or none. */
export function isForeign(have: Found | undefined, cloud: Cloud): have is Found {
  return have?.tags !== undefined && have.tags[tag] !== cloud.playbook
}

/** What is not ours is neither changed nor deleted, unless `--adopt` names the task. */
export function refuseForeign(name: string, have: Found | undefined, cloud: Cloud): void {
  if (!isForeign(have, cloud)) return
  const owner = have.tags?.[tag]
  throw failure('E714', `${have.id} (“${name}”) exists, but does not belong to this playbook`, {
    hint: `${owner === undefined ? `it carries no tag ${tag}` : `its tag ${tag} says ${owner}`}; give the task another name argument, or take it over with --adopt ${JSON.stringify(name)}`,
  })
}

/** Whether the object is taken over: it is foreign, and the command line says that it may be. */
export function adopts(
  task: Task,
  have: Found | undefined,
  cloud: Cloud,
  { adopt }: Pick<WalkOptions, 'adopt'>,
): have is Found {
  return adopt.includes(task.name) && isForeign(have, cloud)
}

/** The change with what taking over means: another owner in the tag. */
export function withAdoption(change: Change, have: Found, cloud: Cloud): Change {
  const owner = have.tags?.[tag]
  const field = { path: tag, ...(owner !== undefined && { before: owner }), after: cloud.playbook, known: true }
  const action = change.action === 'none' || change.action === 'unknown' ? 'update' : change.action
  return { ...change, action, fields: [field, ...change.fields], why: change.why ?? `${have.id} is taken over` }
}

/** Marks the object as ours. */
export async function takeOver(task: Task, module: CloudModule, have: Found, cloud: Cloud): Promise<void> {
  if (!module.tag)
    throw failure('E718', `${task.module} cannot take over ${have.id}`, {
      at: task.at,
      hint: `set its tags yourself: ${Object.entries(cloud.tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ')}`,
    })
  await module.tag(have, cloud.tags, cloud)
  cloud.changed('')
}

/** A name that no task bears is a slip of the pen. */
export function checkAdopted(names: readonly string[], tasks: readonly Task[]): void {
  for (const name of names) {
    if (tasks.some((task) => task.name === name && task.module.startsWith('aws.'))) continue
    throw failure('E781', `--adopt: no task of AWS is named “${name}”`, {
      hint: 'it takes the name of a task, as the plan shows it',
    })
  }
}
