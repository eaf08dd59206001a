import { reachHost } from '../inventory/static.ts'
import { checkValues } from '../language/check.ts'
import { Failure, failure } from '../language/diagnostic.ts'
import { render } from '../language/expression/evaluate.ts'
import type { Scope } from '../language/expression/scope.ts'
import type { Task } from '../language/program.ts'
import { LocalFolder } from '../modules/local-folder.ts'
import type { Evaluated, Module } from '../modules/module.ts'
import { LocalFile } from '../modules/local-file.ts'
import { awaited, hasSecret, isMap, Unknown, type Value, type Values } from '../plan/unknown.ts'
import { Secret } from '../secret.ts'
import { argumentsOf } from './arguments.ts'
import { holds, renderAll, settle, waitsFor } from './evaluate-task.ts'
import { unitId, type Unit } from './outcome.ts'
import type { Slot } from './registers.ts'
import { scopeOf, type LaneView } from './scope.ts'

/** A unit with its arguments evaluated, or the reason why it has none. */
export type Prepared = {
  readonly unit: Unit
  readonly after: readonly string[]
  /** Variables that only this unit sees: the loop's item. */
  readonly vars: Values
} & (
  | { readonly kind: 'skipped' }
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'do'
      readonly want: Values
      readonly become?: string
      readonly environment: Values
      readonly files: boolean
    }
)

interface Item {
  readonly vars: Values
  readonly key?: string
  readonly label?: string
}

/** Evaluates a task for one host: its loop, its conditions and its arguments, a unit an item. */
export async function prepare(view: LaneView, task: Task, module: Module): Promise<readonly Prepared[]> {
  const loop = await settle(view, task, {}, (scope) => (task.loop === undefined ? undefined : render(task.loop, scope)))
  const unit = async (item: Item): Promise<Unit> => ({
    id: unitId(task, view.host, item.key),
    task,
    host: view.host,
    where: await placeOf(view, task, module, item.vars),
    ...(item.label !== undefined && { label: item.label, item: item.vars[task.loopVar] ?? null }),
  })
  if (loop.value instanceof Unknown) {
    return [
      {
        kind: 'unknown',
        unit: await unit({ vars: { [task.loopVar]: loop.value } }),
        after: loop.after,
        vars: {},
        why: `for each item of a list that is not known: ${loop.value.why}`,
      },
    ]
  }
  const items = task.loop === undefined ? [{ vars: {} }] : itemsOf(view, task, loop.value as Value)
  const prepared: Prepared[] = []
  for (const item of items) prepared.push(await prepareItem(view, task, module, item, await unit(item), loop.after))
  return prepared
}

/** Whether the task can be prepared without waiting for a result; for facts a plan waits here, which reads nothing of what tasks do. */
export async function preparable(view: LaneView, task: Task, module: Module): Promise<boolean> {
  const missing = missingFor(view, task, module)
  if (view.walk.mode !== 'plan' || !missing.includes(view.facts)) return missing.length === 0
  view.facts.start?.()
  await view.facts.done
  return missingFor(view, task, module).length === 0
}

function missingFor(view: LaneView, task: Task, module: Module): readonly Slot[] {
  return waitsFor(view, task, {}, (scope) => {
    if (task.loop !== undefined) {
      const items = render(task.loop, scope)
      // what an item's arguments refer to is seen without its values; unknown loop variables are harmless here
      return [items, ...evaluateBlind(view, task, module, scope)]
    }
    return evaluateBlind(view, task, module, scope)
  })
}

function evaluateBlind(view: LaneView, task: Task, module: Module, scope: Scope): Value[] {
  const blind: Scope = {
    ...scope,
    get: (name) => (name === task.loopVar && task.loop !== undefined ? new Unknown('an item') : scope.get(name)),
    names: () => scope.names(),
    secret: (source) => scope.secret(source),
  }
  const condition = holds(task.when, blind)
  if (condition === false) return [condition]
  return [condition, ...Object.values(argumentsOf(view, task, module, blind, true))]
}

async function placeOf(view: LaneView, task: Task, module: Module, vars: Values): Promise<string> {
  if (module.on === 'aws') return 'aws'
  if (task.delegateTo === undefined) return view.host
  const target = await settle(view, task, vars, (scope) => render(task.delegateTo ?? null, scope))
  if (typeof target.value === 'string') return target.value
  // each item of a list that is not known yet may have a place of its own
  if (target.value instanceof Unknown && vars[task.loopVar] instanceof Unknown) return view.host
  throw failure('E704', 'delegate_to is not a host name', {
    at: task.at,
    hint: 'give the name of a host of the inventory',
  })
}

async function prepareItem(
  view: LaneView,
  task: Task,
  module: Module,
  item: Item,
  unit: Unit,
  loopAfter: readonly string[],
): Promise<Prepared> {
  const { value, after } = await settle(view, task, item.vars, (scope): [Value, ...unknown[]] => {
    const condition = holds(task.when, scope)
    if (condition !== true) return [condition]
    const want = argumentsOf(view, task, module, scope, false)
    return [
      true,
      want,
      becomeOf(view, task, scope),
      renderAll({ ...view.play.environment, ...task.environment }, scope),
    ]
  })
  // a host that a task makes is there only when that object is ready
  const maker = view.walk.madeHosts.get(unit.where) ?? []
  const awaits = [...new Set([maker, awaited(value)].flat())]
  const base = {
    unit: awaits.length === 0 ? unit : { ...unit, awaits },
    after: [...new Set([maker, loopAfter, after, view.needs(task)].flat())],
    vars: item.vars,
  }
  const [condition, want, become, environment] = value as [Value, Values, string | undefined, Values]
  if (condition === false) return { kind: 'skipped', ...base }
  if (condition instanceof Unknown)
    return { kind: 'unknown', ...base, why: `whether it runs is not known: ${condition.why}` }
  if (condition !== true)
    throw failure('E340', `the condition of “${task.name}” is not true or false`, {
      at: task.at,
      hint: 'compare it, or convert it with `| bool`',
    })
  conceal(view, [want, environment])
  const faults = checkValues(
    module.args,
    checkable(want, module),
    (path) => view.walk.program.locate(task.args, path[0]),
    task.module,
    true,
  )
  if (faults.length > 0) throw new Failure(faults)
  refuseSecrets(view, task, module, want)
  return { kind: 'do', ...base, want, environment, files: false, ...(become !== undefined && { become }) }
}

/** What everybody on the host could read in its process list is refused before anything is begun. */
function refuseSecrets(view: LaneView, task: Task, module: Module, want: Values): void {
  const names = Object.keys(want).filter((name) => 'x-argv' in (module.args.properties[name] ?? {}))
  const name = names.find((one) => hasSecret(want[one]))
  if (name === undefined) return
  throw failure('E753', `\`${name}\` holds a secret, which the process list would show to everybody on the host`, {
    at: view.walk.program.locate(task.args, name) ?? task.at,
    hint: 'hand it over by `stdin`, by `environment` or in a file',
  })
}

/** What expressions made of secrets is kept from all that is told, too; not whole files, whose lines are mostly nobody's secret. */
function conceal(view: LaneView, value: Value): void {
  if (value instanceof Secret) {
    const text = value.reveal()
    if (text.length <= 256 && !text.includes('\n')) view.walk.world.conceal(text)
  } else if (Array.isArray(value)) for (const item of value) conceal(view, item)
  else if (isMap(value)) for (const item of Object.values(value)) conceal(view, item)
}

/** Files that were read in are checked by the name they were given, evaluated expressions by their texts. */
function checkable(want: Values, module: Module): Values {
  const written = (key: string, value: Value): Value => {
    if (isLocal(value)) return value.path
    const evaluated = 'x-expressions' in (module.args.properties[key] ?? {})
    return evaluated ? (value as unknown as readonly Evaluated[]).map(({ text }) => text) : value
  }
  return Object.fromEntries(Object.entries(want).map(([key, value]) => [key, written(key, value)]))
}

function isLocal(value: unknown): value is LocalFile | LocalFolder {
  return value instanceof LocalFile || value instanceof LocalFolder
}

function itemsOf(view: LaneView, task: Task, list: Value): readonly Item[] {
  if (!Array.isArray(list)) {
    throw failure('E341', `loop of “${task.name}” is not a list`, {
      at: task.at,
      hint: 'a map becomes a list with `| dict2items`',
    })
  }
  const seen = new Map<string, number>()
  return (list as readonly Value[]).map((value, index) => {
    const key = itemKey(value) ?? String(index)
    const count = seen.get(key) ?? 0
    seen.set(key, count + 1)
    const vars = { [task.loopVar]: value }
    return { vars, key: count === 0 ? key : `${key}~${count + 1}`, label: labelOf(view, task, vars) ?? key }
  })
}

function itemKey(value: Value): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value).slice(0, 80)
  if (typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string')
    return value.name
  return undefined
}

function labelOf(view: LaneView, task: Task, vars: Values): string | undefined {
  if (task.loopLabel === undefined) return undefined
  const text = render(task.loopLabel, scopeOf(view, task, vars, new Set()))
  return typeof text === 'string' || typeof text === 'number' ? String(text) : undefined
}

/** The user to become, undefined for the login user. Task, then play, then what the inventory says of the host. */
function becomeOf(view: LaneView, task: Task, scope: Scope): string | undefined {
  const wanted = task.become ?? view.play.become ?? reachHost(view.walk.inventory, view.host).become ?? false
  const become = typeof wanted === 'boolean' ? wanted : render(wanted, scope)
  if (become !== true) return undefined
  const user = task.becomeUser ?? view.play.becomeUser
  const name = user === undefined ? 'root' : render(user, scope)
  return typeof name === 'string' ? name : 'root'
}
