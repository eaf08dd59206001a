/** Contents of the outermost elements of that name: AWS nests `item` in `item` and `member` in `member`. */
export function elements(text: string, name: string): readonly string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (const tag of text.matchAll(new RegExp(`<(/?)${name}(?:\\s[^>]*?)?(/?)>`, 'g'))) {
    if (tag[2] === '/') continue
    if (tag[1] === '') {
      if (depth === 0) start = tag.index + tag[0].length
      depth += 1
    } else {
      depth -= 1
      if (depth === 0) found.push(text.slice(start, tag.index))
    }
  }
  return found
}

/** Text of the first element of that name. */
export function valueOf(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
}

/** Puts more at the end of a list, be it empty. */
export function append(text: string, list: string, more: string): string {
  return text.includes(`</${list}>`)
    ? text.replace(`</${list}>`, () => `${more}</${list}>`)
    : text.replace(new RegExp(`<${list}\\s*/>`), () => `<${list}>${more}</${list}>`)
}

/** The same with another text in the child element of that name; deeper ones of the same name stay. */
export function withChild(text: string, name: string, content: string): string {
  let depth = 0
  for (const tag of text.matchAll(/<(\/?)([\w:]+)(?:\s[^>]*?)?(\/?)>/g)) {
    if (tag[1] === '/') depth -= 1
    else {
      if (depth === 0 && tag[2] === name) {
        const from = tag.index + tag[0].length
        if (tag[3] === '/') return `${text.slice(0, tag.index)}<${name}>${content}</${name}>${text.slice(from)}`
        // what nests in itself is not replaced by this
        return `${text.slice(0, from)}${content}${text.slice(text.indexOf(`</${name}>`, from))}`
      }
      if (tag[3] !== '/') depth += 1
    }
  }
  return `${text}<${name}>${content}</${name}>`
}

/** Text of the child element of that name; not of deeper ones. */
export function childOf(text: string, name: string): string | undefined {
  let depth = 0
  for (const tag of text.matchAll(/<(\/?)([\w:]+)(?:\s[^>]*?)?(\/?)>/g)) {
    if (tag[1] === '/') depth -= 1
    else if (depth === 0 && tag[2] === name) {
      const from = tag.index + tag[0].length
      return tag[3] === '/' ? '' : text.slice(from, text.indexOf(`</${name}>`, from))
    } else if (tag[3] !== '/') depth += 1
  }
  return undefined
}
