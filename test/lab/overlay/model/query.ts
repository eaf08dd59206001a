import type { Reader } from './check.ts'
import type { Member } from './service.ts'

/** `A.member.1.B=x` as a tree. */
export interface Tree {
  text?: string
  readonly children: Map<string, Tree>
}

export function treeOf(parameters: URLSearchParams): Tree {
  const root: Tree = { children: new Map() }
  for (const [key, value] of parameters) {
    if (key === 'Action' || key === 'Version') continue
    let at = root
    for (const part of key.split('.')) {
      const next = at.children.get(part) ?? { children: new Map() }
      at.children.set(part, next)
      at = next
    }
    at.text = value
  }
  return root
}

/** The AWS query protocol, and EC2's kind of it: names begin with a capital there, and lists have no level of their own. */
export function queryReader(ec2: boolean): Reader<Tree> {
  const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1)
  const written = (name: string, member: Member): string =>
    ec2 ? (member.queryName ?? capital(member.locationName ?? name)) : (member.locationName ?? name)
  return {
    members(node, shape) {
      const names = new Map(Object.entries(shape.members ?? {}).map(([name, member]) => [written(name, member), name]))
      const known = new Map<string, Tree>()
      const unknown: string[] = []
      for (const [key, child] of node.children) {
        const name = names.get(key)
        if (name === undefined) unknown.push(key)
        else known.set(name, child)
      }
      return { known, unknown }
    },
    items(node, shape, as) {
      if (node.text === '' && node.children.size === 0) return []
      if (node.text !== undefined) return undefined
      if (ec2 || shape.flattened || as.flattened) return numbered(node)
      const list = node.children.get(shape.member?.locationName ?? 'member')
      return list && node.children.size === 1 ? numbered(list) : undefined
    },
    entries(node, shape, as) {
      const list = shape.flattened || as.flattened ? node : node.children.get('entry')
      return (list && numbered(list))?.map((entry) => [
        entry.children.get(shape.key?.locationName ?? 'key') ?? entry,
        entry.children.get(shape.value?.locationName ?? 'value') ?? entry,
      ])
    },
    scalar: (node) => (node.children.size > 0 ? { value: [...node.children.keys()] } : { text: node.text ?? '' }),
  }
}

/** Items are counted from 1 without a gap. */
function numbered(node: Tree): readonly Tree[] | undefined {
  const items = [...node.children.keys()].map((_, index) => node.children.get(String(index + 1)))
  return items.every((item) => item !== undefined) ? items : undefined
}
