import { closest } from '../language/closest.ts'
import { failure, type Range } from '../language/diagnostic.ts'
import type { Inventory } from './inventory.ts'

/**
 * The hosts that a pattern means, in the order of the inventory: `all`, a group, a host, `web*`, joined by `:` or `,`;
 * `a:&b` only those also in b, `a:!b` those not in b. A name that means nothing is an error.
 */
export function selectHosts(pattern: string, inventory: Inventory, at?: Range): readonly string[] {
  const parts = pattern
    .split(/[:,]/)
    .map((part) => part.trim())
    .filter(Boolean)
  const plain = parts.filter((part) => !/^[&!]/.test(part))
  const found = new Set((plain.length === 0 ? ['all'] : plain).flatMap((part) => hostsOf(part, inventory, at)))
  for (const part of parts.filter((one) => one.startsWith('&'))) {
    const others = hostsOf(part.slice(1), inventory, at)
    for (const host of found) if (!others.includes(host)) found.delete(host)
  }
  for (const part of parts.filter((one) => one.startsWith('!')))
    for (const host of hostsOf(part.slice(1), inventory, at)) found.delete(host)
  return [...found]
}

function hostsOf(name: string, inventory: Inventory, at: Range | undefined): readonly string[] {
  if (name === 'localhost') return ['localhost']
  if (name === 'all' || name === '*') return [...inventory.hosts.keys()]
  if (inventory.groups.has(name)) return members(name, inventory)
  if (inventory.hosts.has(name)) return [name]
  if (/[*?[]/.test(name)) {
    const glob = new RegExp(
      `^${name
        .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    )
    const groups = [...inventory.groups.keys()].filter((group) => group !== 'all' && glob.test(group))
    return [...inventory.hosts.keys()].filter(
      (host) => glob.test(host) || groups.some((group) => members(group, inventory).includes(host)),
    )
  }
  const near = closest(name, [...inventory.groups.keys(), ...inventory.hosts.keys(), 'localhost'])
  throw failure('E132', `there is neither a group nor a host ${name}`, {
    at,
    hint:
      near === undefined
        ? 'the inventory (-i FILE) lists them; a task with `group:` can make one'
        : `did you mean ${near}?`,
  })
}

/** The hosts of a group and of the groups inside it; of `all`, every host. */
export function members(group: string, inventory: Inventory, above: readonly string[] = []): readonly string[] {
  const found = inventory.groups.get(group)
  if (!found || above.includes(group)) return []
  if (group === 'all') return [...inventory.hosts.keys()]
  return [
    ...new Set([...found.hosts, ...found.children.flatMap((child) => members(child, inventory, [...above, group]))]),
  ]
}
