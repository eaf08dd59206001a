import { findModule } from '../modules/find.ts'
import type { CloudModule, HostModule, Module } from '../modules/module.ts'
import type { Change } from '../plan/change.ts'
import type { Course } from '../plan/plan.ts'
import type { Outcome, Unit } from './outcome.ts'
import { kindOf } from './pace.ts'

/** The second waits for the first: until it is ready, or only until AWS has accepted it. */
export type Edge = readonly [string, string] | readonly [string, string, 'accepted']

interface Node {
  readonly id: string
  readonly label: string
  readonly where: string
  /** Until it is ready. */
  readonly seconds: number
}

export interface Graph {
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
  /** Nodes of the longest path, in order. */
  readonly critical: readonly string[]
  /** Its usual length. */
  readonly seconds: number
}

/** Seconds that a task on a host is taken to last where nothing better is known: any program, or a file or two of many sent together. */
const onHost = ({ usual, effects }: HostModule): number => usual ?? (effects ? 0.1 : 5)
/** Seconds until AWS has accepted what it then takes longer for. */
const acceptance = 3

/** The graph of what was planned, with the path that decides how long it takes. `usual`: seconds by task that earlier runs took. */
export async function graphOf(
  all: Iterable<Outcome>,
  usual: (unit: Unit) => number | undefined = () => undefined,
): Promise<Graph> {
  const outcomes = [...all].filter((outcome) => !outcome.hidden && outcome.result !== 'skipped')
  const names = new Set(outcomes.map(({ unit }) => unit.task.module))
  const modules = new Map(await Promise.all([...names].map(async (name) => [name, await findModule(name)] as const)))
  const nodes = outcomes.map(({ unit, change }) => ({
    id: unit.id,
    label: unit.label === undefined ? unit.task.name : `${unit.task.name} (${unit.label})`,
    where: unit.where,
    seconds: secondsOf(modules.get(unit.task.module), change, usual(unit)),
  }))
  const edges = edgesOf(outcomes, new Map(nodes.map((node) => [node.id, node.seconds])))
  return { nodes, edges, ...longest(nodes, edges) }
}

function secondsOf(module: Module | undefined, change: Change, learnt: number | undefined): number {
  if (change.action === 'none' || module === undefined || module.on === 'runner') return 0
  return module.on === 'host' ? (learnt ?? onHost(module)) : (usualSeconds(module, change) ?? 1)
}

/** Seconds that it usually takes until an object of AWS can be used, from when the change is begun. */
export function usualSeconds({ usual }: CloudModule, { action, fields }: Change): number | undefined {
  if (action === 'delete') return usual?.destroy
  if (action !== 'update') return usual?.create
  const longest = Math.max(...fields.map((field) => field.usual ?? 0), 0)
  return longest > 0 ? longest : usual?.update
}

/** How long applying usually takes, and what makes it so long; undefined where nothing is to be done. */
export async function courseOf(
  outcomes: readonly Outcome[],
  usual: ReadonlyMap<string, number>,
): Promise<Course | undefined> {
  if (outcomes.every(({ change, orphan }) => change.action === 'none' || orphan === 'kept')) return undefined
  const acting = outcomes.filter(({ orphan }) => orphan !== 'kept')
  const graph = await graphOf(acting, ({ id }) => usual.get(kindOf(id, 'act')))
  const whole = new Map(graph.nodes.map(({ id, seconds }) => [id, seconds]))
  const early = new Set(graph.edges.flatMap(([from, to, accepted]) => (accepted ? [`${from} ${to}`] : [])))
  const critical = graph.critical.map((node, index) => {
    const seconds = whole.get(node) ?? 0
    const short = early.has(`${node} ${graph.critical[index + 1]}`)
    return { node, seconds: short ? Math.min(acceptance, seconds) : seconds }
  })
  return { seconds: Math.round(graph.seconds), critical }
}

/**
 * References and `needs`; on a host also the order in which tasks are written. A play begins when everything of the one before it is
 * done on its hosts and accepted by AWS: of what it waits for, the last to come stands for all.
 */
function edgesOf(outcomes: readonly Outcome[], seconds: ReadonlyMap<string, number>): readonly Edge[] {
  const edges: Edge[] = []
  const begins = new Map<string, number>()
  const last = new Map<string, string>()
  const seen = new Map<string, Map<string, boolean>>()
  const clock: Clock = { begin: (node) => begins.get(node) ?? 0, whole: (node) => seconds.get(node) ?? 0 }
  let play: string | undefined
  let gate: Wait | undefined
  let next: Wait | undefined
  for (const { unit, after } of outcomes) {
    const now = unit.id.split('/')[0]
    if (now !== play) {
      play = now
      gate = later(gate, next, clock)
      next = gate
    }
    const before = new Map<string, boolean>()
    for (const node of after) {
      const whole = seconds.get(node)
      if (whole !== undefined) before.set(node, whole <= acceptance || unit.awaits?.includes(node) === true)
    }
    if (unit.where !== 'aws') {
      // what an earlier task of the host has waited for need not be waited for again
      const already = seen.get(unit.where) ?? new Map<string, boolean>()
      seen.set(unit.where, already)
      for (const [node, ready] of before) {
        if (already.get(node) === true || already.get(node) === ready) before.delete(node)
        else already.set(node, ready)
      }
      const previous = last.get(unit.where)
      if (previous !== undefined) before.set(previous, true)
      last.set(unit.where, unit.id)
    }
    const waits = [...before].map(([node, ready]): Wait => ({ node, ready }))
    const latest = waits.reduce<Wait | undefined>((one, other) => later(one, other, clock), undefined)
    const held = later(latest, gate, clock)
    for (const wait of held === latest || held === undefined ? waits : [...waits, held])
      edges.push(edgeTo(unit.id, wait))
    begins.set(unit.id, held === undefined ? 0 : reached(held, clock))
    // AWS accepts at once what it then takes minutes for
    next = later(next, { node: unit.id, ready: unit.where !== 'aws' || clock.whole(unit.id) <= acceptance }, clock)
  }
  return edges
}

interface Wait {
  readonly node: string
  readonly ready: boolean
}

interface Clock {
  begin(node: string): number
  whole(node: string): number
}

/** When a node is as far as is waited for. */
function reached({ node, ready }: Wait, { begin, whole }: Clock): number {
  return begin(node) + (ready ? whole(node) : Math.min(acceptance, whole(node)))
}

function later(one: Wait | undefined, other: Wait | undefined, clock: Clock): Wait | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return reached(other, clock) > reached(one, clock) ? other : one
}

function edgeTo(target: string, { node, ready }: Wait): Edge {
  return ready ? [node, target] : [node, target, 'accepted']
}

/** The longest path by usual seconds; edges always lead from earlier to later nodes. */
function longest(nodes: Graph['nodes'], edges: Graph['edges']): Pick<Graph, 'critical' | 'seconds'> {
  const sources = new Map<string, Wait[]>()
  for (const [node, target, accepted] of edges)
    sources.set(target, [...(sources.get(target) ?? []), { node, ready: accepted === undefined }])
  const begins = new Map<string, number>()
  const from = new Map<string, string>()
  const whole = new Map(nodes.map(({ id, seconds }) => [id, seconds]))
  const clock: Clock = { begin: (node) => begins.get(node) ?? 0, whole: (node) => whole.get(node) ?? 0 }
  for (const { id } of nodes) {
    const held = (sources.get(id) ?? []).reduce<Wait | undefined>((one, other) => later(one, other, clock), undefined)
    begins.set(id, held === undefined ? 0 : reached(held, clock))
    if (held) from.set(id, held.node)
  }
  const ends = nodes.map(({ id }): Wait => ({ node: id, ready: true }))
  const end = ends.reduce<Wait | undefined>((one, other) => later(one, other, clock), undefined)
  const critical: string[] = []
  for (let node = end?.node; node !== undefined; node = from.get(node)) critical.unshift(node)
  return { critical, seconds: end === undefined ? 0 : reached(end, clock) }
}
