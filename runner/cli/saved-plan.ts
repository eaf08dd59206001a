import { readFileSync } from 'node:fs'
import { failure } from '../language/diagnostic.ts'
import type { Plan } from '../plan/plan.ts'
import type { Options } from './options.ts'

/** What a saved plan keeps of the command line, so that apply walks the same way. */
type Kept = Pick<Options, 'inventory' | 'vars' | 'tags' | 'skipTags' | 'allowDestroy' | 'prune' | 'adopt'> &
  Partial<Pick<Options, 'limit' | 'startAt'>>

export type SavedPlan = Plan & { readonly options: Kept }

export function savedPlan(plan: Plan, options: Options): SavedPlan {
  const { inventory, vars, tags, skipTags, allowDestroy, prune, adopt, limit, startAt } = options
  const kept: Kept = {
    inventory,
    vars,
    tags,
    skipTags,
    allowDestroy,
    prune,
    adopt,
    ...(limit !== undefined && { limit }),
    ...(startAt !== undefined && { startAt }),
  }
  return { ...plan, options: kept }
}

/** The saved plan that a file holds, or undefined when it is not one. */
export function readSavedPlan(file: string): SavedPlan | undefined {
  if (!file.endsWith('.json')) return undefined
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<SavedPlan>
    if (read.format === 1 && read.entries && read.options) return read as SavedPlan
  } catch (cause) {
    throw failure('E906', `${file} is not a saved plan`, { hint: 'runner plan PLAYBOOK --out FILE writes one', cause })
  }
  throw failure('E906', `${file} is not a saved plan`, { hint: 'runner plan PLAYBOOK --out FILE writes one' })
}

/** In what a plan made now differs from the saved one, for people; undefined when it is the same. */
export function movedSince(saved: Plan, now: Plan): string | undefined {
  if (saved.digest === now.digest) return undefined
  const before = new Map(saved.entries.map((entry) => [entry.node, JSON.stringify([entry.action, entry.fields])]))
  const moved = now.entries
    .filter((entry) => before.get(entry.node) !== JSON.stringify([entry.action, entry.fields]))
    .map((entry) => entry.task)
  const here = new Set(now.entries.map((entry) => entry.node))
  const gone = saved.entries.filter((entry) => !here.has(entry.node)).map((entry) => entry.task)
  const list = [...moved, ...gone]
  return list.length > 0
    ? `different now: ${list.join(', ')}`
    : 'the playbook, its inventory or its variables were edited'
}
