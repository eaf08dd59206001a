import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
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

/** The saved plan that a file holds, whatever it is called, or undefined when it is none but a playbook. */
export function readSavedPlan(file: string): SavedPlan | undefined {
  const named = file.endsWith('.json')
  if (!existsSync(file)) {
    if (!named) return undefined
    throw failure('E904', `there is no plan ${file}`, { hint: `it was looked for at ${resolve(file)}` })
  }
  const text = statSync(file).isFile() ? readFileSync(file, 'utf8') : ''
  // a playbook is a list
  if (!named && !/^\s*\{/.test(text)) return undefined
  const read = parsed(text)
  if (read?.format === 1 && Array.isArray(read.entries) && read.options) return read as SavedPlan
  throw failure('E906', `${file} is not a saved plan`, { hint: 'runner plan PLAYBOOK --out FILE writes one' })
}

function parsed(text: string): Partial<SavedPlan> | undefined {
  try {
    return JSON.parse(text) as Partial<SavedPlan>
  } catch {
    return undefined
  }
}

const decided = {
  inventory: '-i',
  vars: '-e',
  limit: '--limit',
  tags: '--tags',
  skipTags: '--skip-tags',
  startAt: '--start-at',
  allowDestroy: '--allow-destroy',
  adopt: '--adopt',
  prune: '--prune',
} as const satisfies Record<keyof Kept, string>

/** What a saved plan decides may not be given otherwise beside it: something else would be done than is said. */
export function checkBeside(saved: SavedPlan, given: Options, file: string): void {
  const kinds = Object.keys(decided) as (keyof Kept)[]
  const other = kinds.filter((kind) => {
    const value = given[kind]
    const there = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false
    return there && JSON.stringify(value) !== JSON.stringify(saved.options[kind])
  })
  if (other.length > 0)
    throw failure('E906', `${file} was made without that ${other.map((kind) => decided[kind]).join(', ')}`, {
      hint: 'a saved plan is done as it was made; give it to `runner plan … --out FILE`',
    })
}

/** In what a plan made now differs from the saved one, for people; undefined when it is the same. */
export function movedSince(saved: Plan, now: Plan): string | undefined {
  const before = new Map(saved.entries.map((entry) => [entry.node, JSON.stringify([entry.action, entry.fields])]))
  const moved = now.entries
    .filter((entry) => before.get(entry.node) !== JSON.stringify([entry.action, entry.fields]))
    .map((entry) => entry.task)
  const here = new Set(now.entries.map((entry) => entry.node))
  const gone = saved.entries.filter((entry) => !here.has(entry.node)).map((entry) => entry.task)
  const list = [...moved, ...gone]
  // the digest is that of what was read: what the file says beside it may have been edited
  if (saved.digest === now.digest) return list.length === 0 ? undefined : `it was edited: ${list.join(', ')}`
  return list.length > 0
    ? `different now: ${list.join(', ')}`
    : 'the playbook, its inventory or its variables were edited'
}
