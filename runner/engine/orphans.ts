import type { Diagnostic } from '../language/diagnostic.ts'
import type { Task } from '../language/program.ts'
import { findModule, moduleNames } from '../modules/find.ts'
import type { CloudModule, Found } from '../modules/module.ts'
import type { Bill } from '../plan/bill.ts'
import type { Values } from '../plan/unknown.ts'
import { billOf } from './billed.ts'
import { makeLane } from './lane.ts'
import type { Outcome } from './outcome.ts'
import { tasksOfPlay, tasksOfProgram } from '../language/tasks.ts'
import type { Walk } from './walk.ts'

/** Something in AWS that carries this playbook's tag. */
interface OwnObject {
  readonly name: string
  readonly module: CloudModule
  readonly want: Values
  readonly have: Found
  readonly account: Values
  readonly bill: Bill | undefined
}

/**
 * What carries this playbook's tag though the playbook no longer names it, as outcomes that would be deleted. Nothing is said to
 * be an orphan whose task was not evaluated to the end: it may still be wanted.
 */
export async function findOrphans(walk: Walk): Promise<readonly Outcome[]> {
  if (walk.options.offline || tasksOfProgram(walk.program).some((task) => !walk.options.selects(task))) return []
  // names of different kinds may be the same
  const seen = new Set(
    [...walk.outcomes.values()].flatMap(({ unit, found }) => (found ?? []).map((id) => `${unit.task.module} ${id}`)),
  )
  const unsure = unsureTasks(walk)
  const orphans = (await ownObjects(walk)).filter(({ name, have }) => {
    if ([have.id, ...(have.parts ?? [])].some((id) => seen.has(`${name} ${id}`))) return false
    const task = have.tags?.['runner:task'] ?? ''
    return !unsure.some((name) => task === name || task.startsWith(`${name} [`))
  })
  return inOrder(walk, orphans)
}

/** Everything of this playbook in the accounts and regions that its plays name: a Describe a kind. */
export async function ownObjects(walk: Walk): Promise<readonly OwnObject[]> {
  const names = moduleNames().filter((name) => name.startsWith('aws.'))
  const accounts = await accountsOf(walk)
  if (accounts.length === 0) return []
  const modules = await Promise.all(names.map(async (name) => ({ name, module: await findModule(name) })))
  const found = accounts.flatMap((account) =>
    modules.map(async ({ name, module }): Promise<readonly OwnObject[]> => {
      if (module.on !== 'aws' || !module.owned) return []
      try {
        return await objectsOf(walk, { name, module, account })
      } catch (error) {
        if (walk.signal.aborted) throw error
        const { message } = walk.world.explain(error)
        walk.emit({ type: 'notice', text: `whether ${name} has left something behind is not known: ${message}` })
        return []
      }
    }),
  )
  return (await Promise.all(found)).flat()
}

async function objectsOf(
  walk: Walk,
  kind: { name: string; module: CloudModule; account: Values },
): Promise<readonly OwnObject[]> {
  const { name, module, account } = kind
  const cloud = await walk.world.cloud(account, { name: '', status: () => undefined })
  const wants = (await module.owned?.(cloud)) ?? []
  const objects = await Promise.all(wants.map(async (want) => ({ want, have: await module.read(want, cloud) })))
  return objects.flatMap(({ want, have }) =>
    have && (have.tags === undefined || have.tags['runner:playbook'] === cloud.playbook)
      ? [{ name, module, want, have, account, bill: billOf(module, undefined, have, cloud) }]
      : [],
  )
}

/** The accounts and regions of the plays that work in AWS, each once. */
export async function accountsOf(walk: Walk): Promise<readonly Values[]> {
  const plays = walk.program.plays.filter(
    (play) => play.aws !== undefined || tasksOfPlay(play).some((task) => task.module.startsWith('aws.')),
  )
  const maps = await Promise.all(
    plays.map(async (play) => await makeLane(walk, play, 'localhost', new Map()).view.aws()),
  )
  return [...new Map(maps.map((map) => [JSON.stringify(map), map])).values()]
}

/** Names of tasks of which it is not known which object they mean: skipped, failed, not reached, or named by something unknown. */
function unsureTasks(walk: Walk): readonly string[] {
  const sure = new Map<string, boolean>()
  for (const { unit, found } of walk.outcomes.values())
    sure.set(unit.task.id, (sure.get(unit.task.id) ?? true) && found !== undefined)
  return tasksOfProgram(walk.program)
    .filter((task) => task.module.startsWith('aws.') && sure.get(task.id) !== true)
    .map((task) => task.name)
}

/** As outcomes, each `after` what its kind may use, so that it is deleted before that. */
function inOrder(walk: Walk, orphans: readonly OwnObject[]): readonly Outcome[] {
  const kept = [...walk.outcomes.values()].filter((outcome) => outcome.unit.where === 'aws')
  return orphans.map(({ name, module, want, have, account, bill }) => {
    const used = orphans.filter((other) => module.uses?.includes(other.name)).map(nodeOf)
    const below = kept.filter((outcome) => module.uses?.includes(outcome.unit.task.module))
    const why = `${nameOf(want, have)} is no longer in the playbook${walk.options.prune ? '' : '; only apply --prune deletes it'}`
    return {
      unit: { id: nodeOf({ name, have }), task: taskOf(walk, { name, want, have }), host: 'localhost', where: 'aws' },
      change: { action: 'delete', fields: [], why },
      result: 'ok',
      returned: {},
      after: [...used, ...below.map((outcome) => outcome.unit.id)],
      orphan: walk.options.prune ? 'pruned' : 'kept',
      found: [have.id],
      ...(bill && { bill }),
      ...(module.holdsData && { holdsData: true }),
      destroy: {
        run: async (status) => {
          const cloud = await walk.world.cloud(account, { name: have.tags?.['runner:task'] ?? have.id, status })
          cloud.changed('')
          const now = await module.read(want, cloud)
          if (now) await module.destroy(want, now, cloud)
        },
      },
    }
  })
}

function nameOf(want: Values, have: Found): string {
  return typeof want['name'] === 'string' ? want['name'] : have.id
}

function nodeOf({ name, have }: Pick<OwnObject, 'name' | 'have'>): string {
  return `orphan/${name}:${have.id}@aws`
}

/** What holds data is pruned only if its name was said; the others as diagnostics. */
export function dataLosses(orphans: readonly Outcome[], allowed: readonly string[]): readonly Diagnostic[] {
  return orphans
    .filter((outcome) => outcome.holdsData && !allowed.includes(outcome.unit.task.name))
    .map(({ unit: { task } }) => ({
      severity: 'error',
      code: 'E715',
      message: `“${task.name}” (${task.module}) is no longer in the playbook, and --prune would delete it with all its data`,
      hint: `say --allow-destroy ${JSON.stringify(task.name)} if that is meant`,
    }))
}

/** A task as it may have stood in the playbook, as far as deleting needs one. */
function taskOf(walk: Walk, { name: module, want, have }: Pick<OwnObject, 'name' | 'want' | 'have'>): Task {
  const start = { line: 1, column: 1 }
  return {
    kind: 'task',
    id: `orphan/${module}:${have.id}`,
    name: have.tags?.['runner:task'] || nameOf(want, have),
    module,
    args: {},
    when: [],
    loopVar: 'item',
    notify: [],
    listen: [],
    tags: [],
    vars: {},
    environment: {},
    retries: 0,
    delay: 0,
    ignoreErrors: false,
    noLog: false,
    runOnce: false,
    needs: [],
    protect: false,
    at: { file: walk.program.file, start, end: start },
  }
}
