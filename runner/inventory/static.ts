import type { Diagnostic } from '../language/diagnostic.ts'
import type { Source, SourceMap } from '../language/program.ts'
import { checkKeys, isSourceMap, makeReading, mapIn, valueRange, type Reading } from '../language/reading.ts'
import { readSource } from '../language/source.ts'
import type { Values } from '../plan/unknown.ts'
import { readQuery } from './from.ts'
import type { Group, Inventory, Reach } from './inventory.ts'
import { groupKeys, hostKeys } from './keys.ts'

export function emptyInventory(): Inventory {
  return { groups: new Map([['all', noGroup]]), hosts: new Map() }
}

const noGroup: Group = { hosts: [], children: [], vars: {}, reach: {} }

/** Reads inventory files and joins them: of what several files say, the last one counts. */
export function parseInventories(
  files: readonly string[],
  read: (file: string) => string,
): { inventory: Inventory; diagnostics: readonly Diagnostic[] } {
  const inventory = emptyInventory()
  const reading = makeReading(new WeakMap())
  for (const file of files) {
    const text = read(file)
    const { value, diagnostics } = readSource(text, file, reading.ranges)
    if (value === undefined && /^\[[\w:-]+\]\s*$/m.test(text)) {
      const start = { line: 1, column: 1 }
      const hint = 'write YAML: `web: { hosts: { web1: { address: 192.0.2.10 } } }`'
      reading.fault('E130', 'this inventory is written as INI', { file, start, end: start }, hint)
      continue
    }
    reading.diagnostics.push(...diagnostics)
    if (value === null || value === undefined) continue
    if (!isSourceMap(value)) {
      const start = { line: 1, column: 1 }
      reading.fault(
        'E130',
        'an inventory is a map of groups',
        { file, start, end: start },
        'for example `web: { hosts: { web1: { address: 192.0.2.10 } } }`',
      )
      continue
    }
    for (const name of Object.keys(value)) readGroup(reading, inventory, value, name)
  }
  return { inventory, diagnostics: reading.diagnostics }
}

function readGroup(reading: Reading, inventory: Inventory, container: SourceMap, name: string): void {
  const map = container[name]
  const before = inventory.groups.get(name) ?? noGroup
  inventory.groups.set(name, before)
  if (map === null) return
  if (!isSourceMap(map))
    return reading.fault(
      'E130',
      `the group ${name} must be a map`,
      valueRange(reading, container, name),
      'it may hold hosts, children and vars',
    )
  checkKeys(reading, map, groupKeys, 'a group')
  for (const key of ['hosts', 'children'])
    if (typeof map[key] === 'string' || typeof map[key] === 'number')
      reading.fault(
        'E130',
        `\`${key}\` of the group ${name} must be a map by name, or a list of names`,
        valueRange(reading, map, key),
        `write \`${key}: [${String(map[key])}]\``,
      )
  const from = 'from' in map ? readQuery(reading, map) : before.from
  const children = namesOf(map['children'])
  if (isSourceMap(map['children'])) for (const child of children) readGroup(reading, inventory, map['children'], child)
  else for (const child of children) if (!inventory.groups.has(child)) inventory.groups.set(child, noGroup)
  const hosts = namesOf(map['hosts'])
  for (const host of hosts) readHost(reading, inventory, map['hosts'] as Source, host)
  inventory.groups.set(name, {
    hosts: [...new Set([...before.hosts, ...hosts])],
    children: [...new Set([...before.children, ...children])],
    vars: { ...before.vars, ...mapIn(map, 'vars') },
    reach: { ...before.reach, ...reachOf(map) },
    ...(from && { from }),
  })
}

function namesOf(value: Source | undefined): readonly string[] {
  if (Array.isArray(value)) return value.map(String)
  return isSourceMap(value) ? Object.keys(value) : []
}

function readHost(reading: Reading, inventory: Inventory, container: Source, name: string): void {
  const map = isSourceMap(container) ? (container[name] ?? {}) : {}
  if (!isSourceMap(map))
    return reading.fault(
      'E130',
      `the host ${name} must be a map`,
      isSourceMap(container) ? valueRange(reading, container, name) : undefined,
      `write \`${name}: { address: ${typeof map === 'string' ? map : '192.0.2.1'} }\``,
    )
  checkKeys(reading, map, hostKeys, 'a host')
  const before = inventory.hosts.get(name)
  inventory.hosts.set(name, { ...before, ...reachOf(map), name, vars: { ...before?.vars, ...mapIn(map, 'vars') } })
}

function reachOf(map: SourceMap): Reach {
  const { address, port, user, identity, become, connection } = map
  return {
    ...(typeof address === 'string' && { address }),
    ...(typeof port === 'number' && { port }),
    ...(typeof user === 'string' && { user }),
    ...(typeof identity === 'string' && { identity }),
    ...(typeof become === 'boolean' && { become }),
    ...((connection === 'ssh' || connection === 'local') && { connection }),
  }
}

/** Groups a host is in, the weakest first: `all`, then parents before children, each in the order of the file. */
export function groupsOf(inventory: Inventory, host: string): readonly string[] {
  const depths = new Map<string, number>()
  const visit = (group: string, depth: number, above: readonly string[]): boolean => {
    const found = inventory.groups.get(group)
    if (!found || above.includes(group)) return false
    const inside = found.children.map((child) => visit(child, depth + 1, [...above, group])).some(Boolean)
    const member = group === 'all' || inside || found.hosts.includes(host)
    if (member) depths.set(group, Math.max(depth, depths.get(group) ?? 0))
    return member
  }
  for (const group of inventory.groups.keys()) visit(group, group === 'all' ? 0 : 1, [])
  return [...depths].toSorted(([, a], [, b]) => a - b).map(([group]) => group)
}

/** The variables a host has from the inventory: those of all, of its groups, its own. `localhost` has those of all. */
export function hostVars(inventory: Inventory, host: string): SourceMap {
  const own = inventory.hosts.get(host)?.vars ?? {}
  return Object.assign(
    {},
    ...groupsOf(inventory, host).map((group) => inventory.groups.get(group)?.vars ?? {}),
    own,
  ) as SourceMap
}

/** How a host is reached: what it says itself, else what its groups say. */
export function reachHost(inventory: Inventory, host: string): Reach & { readonly pinAs?: string } {
  const groups = groupsOf(inventory, host).map((group) => inventory.groups.get(group)?.reach ?? {})
  return Object.assign({}, ...groups, inventory.hosts.get(host) ?? {}) as Reach
}

/** Adds a host that a task made, and puts it into its group. */
export function addHost(
  inventory: Inventory,
  host: { name: string; group?: string; address?: string; pinAs?: string; vars?: Values },
): void {
  const { name, group, address, pinAs, vars } = host
  const before = inventory.hosts.get(name)
  inventory.hosts.set(name, {
    ...before,
    name,
    vars: { ...before?.vars, ...(vars as SourceMap | undefined) },
    ...(address !== undefined && { address }),
    ...(pinAs !== undefined && { pinAs }),
  })
  if (group === undefined) return
  const found = inventory.groups.get(group) ?? noGroup
  inventory.groups.set(group, { ...found, hosts: [...new Set([...found.hosts, name])] })
}
