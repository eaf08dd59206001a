/** What is left out. Names and patterns are in bytes, a character for each. */
export interface Excluding {
  (name: string, directory: boolean): boolean
  /** Patterns that mean a name anywhere: find(1) understands them as they are, and need not look into such directories. */
  readonly anywhere: readonly string[]
}

export function excluding(patterns: readonly string[]): Excluding {
  const rules = patterns.map((text) => {
    const pattern = Buffer.from(text, 'utf8').toString('latin1')
    const directories = pattern.endsWith('/')
    const body = directories ? pattern.slice(0, -1) : pattern
    const anchored = body.includes('/')
    return { directories, anchored, body, expression: expressionOf(body.replace(/^\//, '')) }
  })
  const skips = (name: string, directory: boolean): boolean =>
    rules.some(
      (rule) =>
        (directory || !rule.directories) &&
        rule.expression.test(rule.anchored ? name : name.slice(name.lastIndexOf('/') + 1)),
    )
  const anywhere = rules
    .filter((rule) => !rule.anchored && !rule.directories)
    .map((rule) => Buffer.from(rule.body, 'latin1').toString('utf8'))
  return Object.assign(skips, { anywhere })
}

/** `*` and `?` stay inside a name, `**` does not (gitignore(5)). */
function expressionOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\[!?[^\]/]+\]|[\s\S]/g, (part) => {
    if (part === '**/') return '(?:[^/]*/)*'
    if (part === '**') return '[\\s\\S]*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    return part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  })
  return new RegExp(`^${source}$`)
}
