import type { Reader } from './check.ts'
import { Texts } from './json.ts'

/** An element of REST-XML, or a member that travels in path, query string or header. */
export type Element = Texts | { readonly name: string; readonly children: readonly Element[]; readonly text: string }

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** Children of the root element. */
export function xmlOf(text: string): readonly Element[] {
  const stack: { name: string; children: Element[]; text: string }[] = [{ name: '', children: [], text: '' }]
  for (const [, close, name, empty, words] of text.matchAll(/<(\/?)([A-Za-z][\w:.-]*)[^>]*?(\/?)>|([^<]+)/g)) {
    const top = stack.at(-1)
    if (!top) break
    if (words !== undefined) top.text += words.replaceAll(/&(\w+);/g, (all, entity: string) => entities[entity] ?? all)
    else if (close === '/') stack.pop()
    else {
      const element = { name: name ?? '', children: [], text: '' }
      top.children.push(element)
      if (empty !== '/') stack.push(element)
    }
  }
  const root = stack[0]?.children.at(-1)
  return root && !(root instanceof Texts) ? root.children : []
}

export const xmlReader: Reader<Element> = {
  members(node, shape) {
    const known = new Map<string, Element>()
    const unknown: string[] = []
    for (const child of childrenOf(node)) {
      if (child instanceof Texts) continue
      const member = Object.entries(shape.members ?? {}).find(
        ([name, { locationName = name }]) => locationName === child.name,
      )
      if (member) known.set(member[0], child)
      else unknown.push(child.name)
    }
    return { known, unknown }
  },
  items: childrenOf,
  entries: () => undefined,
  scalar: (node) => ({ text: node instanceof Texts ? node.all.join(',') : node.text }),
}

function childrenOf(node: Element): readonly Element[] {
  return node instanceof Texts ? node.all.map((one) => new Texts([one])) : node.children
}
