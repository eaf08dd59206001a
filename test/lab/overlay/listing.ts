import type { Listing } from './life.ts'
import { elements } from './xml.ts'

/** Items of all lists of that name in XML; a list in another's items is found, too. */
export function xmlList(list: string, item: string): Listing {
  return {
    items: (body) => elements(elements(body, list).join(''), item),
    changed(body, to, more) {
      const empty = new RegExp(`<${list}\\s*/>`)
      const open = empty.test(body) ? body.replace(empty, `<${list}></${list}>`) : body
      const contents = elements(open, list)
      const added = more.map((one) => `<${item}>${one}</${item}>`).join('')
      return contents.reduce((text, content, index) => {
        const items = elements(content, item).flatMap((one) => to(one) ?? [])
        const now = items.map((one) => `<${item}>${one}</${item}>`).join('') + (index === 0 ? added : '')
        return text.replace(`<${list}>${content}</${list}>`, () => `<${list}>${now}</${list}>`)
      }, open)
    },
  }
}

/** A member of a JSON object, or the one object that the answer is. */
export function jsonList(member: string): Listing {
  return {
    items: (body) => {
      const list = (JSON.parse(body) as Record<string, unknown>)[member]
      return [list ?? []].flat().map((one) => JSON.stringify(one))
    },
    changed(body, to, more) {
      const all = JSON.parse(body) as Record<string, unknown>
      const change = (one: unknown): unknown[] => {
        const text = to(JSON.stringify(one))
        return text === undefined ? [] : [JSON.parse(text) as unknown]
      }
      const there = all[member]
      const list = Array.isArray(there)
        ? [...there.flatMap(change), ...more.map((one) => JSON.parse(one) as unknown)]
        : there === undefined
          ? undefined
          : change(there)[0]
      return JSON.stringify({ ...all, ...(list !== undefined && { [member]: list }) })
    },
  }
}
