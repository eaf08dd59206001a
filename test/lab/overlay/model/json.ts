import type { Reader } from './check.ts'

/** What stood in a path, a query string or a header. */
export class Texts {
  readonly all: readonly string[]
  constructor(all: readonly string[]) {
    this.all = all
  }
}

/** JSON as it came, and for REST services the members that travel elsewhere as {@link Texts}, already by their names. */
export const jsonReader: Reader<unknown> = {
  members(node, shape) {
    const body = isObject(node) ? node : {}
    const names = new Map(
      Object.entries(shape.members ?? {}).map(([name, member]) => [
        member.location === undefined ? (member.locationName ?? name) : name,
        name,
      ]),
    )
    const known = new Map<string, unknown>()
    const unknown: string[] = isObject(node) ? [] : [JSON.stringify(node)]
    for (const [key, value] of Object.entries(body)) {
      const name = names.get(key)
      if (name === undefined) unknown.push(key)
      else if (value !== null) known.set(name, value)
    }
    return { known, unknown }
  },
  items: (node) =>
    node instanceof Texts
      ? node.all.map((one) => new Texts([one]))
      : Array.isArray(node)
        ? (node as readonly unknown[])
        : undefined,
  entries: (node) => (isObject(node) ? Object.entries(node) : undefined),
  scalar: (node) => (node instanceof Texts ? { text: node.all.join(',') } : { value: node }),
}

function isObject(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof Texts)
}
