import { resolve } from 'node:path'
import type { HostModule } from '../modules/module.ts'
import type { Connection } from '../connections/connection.ts'
import { members } from '../inventory/pattern.ts'
import { hostVars } from '../inventory/static.ts'
import { layered, type Layer, type Scope } from '../language/expression/scope.ts'
import type { Play, Task } from '../language/program.ts'
import type { Action } from '../plan/change.ts'
import { Unknown, type Value, type Values } from '../plan/unknown.ts'
import type { HostUnit } from './host-look.ts'
import type { Unit } from './outcome.ts'
import type { Slot } from './registers.ts'
import type { Walk } from './walk.ts'

/** One host's way through one play: what its tasks see and use. */
export interface LaneView {
  readonly walk: Walk
  readonly play: Play
  readonly host: string
  /** Position of a task in the program. */
  ordinal(task: Task): number
  /** Nodes that a task's `needs` names. */
  needs(task: Task): readonly string[]
  /** The play's `aws:` map, evaluated. */
  aws(): Promise<Values>
  /** The connection to a host; undefined while the host does not exist (or nothing may be read). */
  connection(where: string): Promise<Connection | undefined>
  /** Facts of the host, gathered at first use. */
  readonly facts: Slot
  /** Host tasks of this lane that would change something, so far. */
  readonly changing: HostUnit[]
  started(unit: Unit, action: Action): void
  printed(unit: Unit, stream: 'stdout' | 'stderr', text: string, progress?: HostModule['progress']): void
  /** How far a large file is on its way to the host. */
  sent(unit: Unit, sent: number, all: number): void
}

/** The variables a task sees, weakest first; what it looks up of results is noted in `touched`. */
export function scopeOf(view: LaneView, task: Task | undefined, vars: Values, touched: Set<Slot>): Scope {
  const { walk, play, host } = view
  const ordinal = task ? view.ordinal(task) : Number.POSITIVE_INFINITY
  const layers: Layer[] = [
    { name: 'inventory', sources: hostVars(walk.inventory, host) },
    { name: 'play', sources: play.vars },
    {
      name: 'register',
      get: (name) => {
        const slot = walk.registers.find(host, name, ordinal)
        if (!slot) return undefined
        touched.add(slot)
        return slot.finished ? slot.value : new Unknown(`${name} is not there yet`)
      },
      names: () => walk.registers.names(host, ordinal),
    },
    { name: 'task', sources: task?.vars ?? {} },
    valuesLayer('item', vars),
    valuesLayer('extra', walk.options.extraVars),
    {
      name: 'magic',
      get: (name) => magic(view, name, touched),
      names: () => ['inventory_hostname', 'groups', 'hostvars', 'playbook_dir', 'facts'],
    },
  ]
  return layered(layers, (source) => walk.world.secret(source))
}

function valuesLayer(name: string, values: Values): Layer {
  return {
    name,
    get: (key) => (Object.hasOwn(values, key) ? values[key] : undefined),
    names: () => Object.keys(values),
  }
}

function magic(view: LaneView, name: string, touched: Set<Slot>): Value | undefined {
  const { walk, host } = view
  if (name === 'inventory_hostname') return host
  if (name === 'playbook_dir') return resolve(walk.program.directory)
  if (name === 'facts') {
    touched.add(view.facts)
    return view.facts.finished ? view.facts.value : new Unknown('facts are not gathered yet')
  }
  if (name === 'groups')
    return Object.fromEntries([...walk.inventory.groups.keys()].map((group) => [group, groupValue(walk, group)]))
  if (name === 'hostvars')
    return Object.fromEntries(
      [...walk.inventory.hosts.keys(), 'localhost'].map((other) => [other, varsOf(view, other)]),
    )
  return undefined
}

/** The hosts of a group; not known where AWS was to be asked for them and was not (`--offline`). */
function groupValue(walk: Walk, group: string): Value {
  const { groups } = walk.inventory
  const those = group === 'all' ? [...groups.values()] : [groups.get(group)]
  return those.some((one) => one?.from && !one.asked)
    ? new Unknown(`AWS is asked for the hosts of ${group}`)
    : members(group, walk.inventory)
}

function varsOf(view: LaneView, host: string): Values {
  const { walk } = view
  const known = walk.inventory.hosts.get(host)
  const scope = layered([{ name: 'inventory', sources: hostVars(walk.inventory, host) }], (source) =>
    walk.world.secret(source),
  )
  const own = Object.fromEntries(scope.names().map((name) => [name, scope.get(name) ?? null]))
  return {
    inventory_hostname: host,
    ...(known?.address !== undefined && { address: known.address }),
    ...own,
    ...walk.registers.finished(host),
  }
}
