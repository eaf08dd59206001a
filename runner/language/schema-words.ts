import type { ErrorObject } from 'ajv'

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'null',
}

/** What a JSON Schema calls a type, as people say it. */
export function typeName(type: unknown): string {
  return (Array.isArray(type) ? (type as readonly unknown[]) : String(type).split(','))
    .map((one) => typeNames[String(one)] ?? String(one))
    .join(' or ')
}

/** What a value breaks that is of the right type: `must be at most 65535`. */
export function bound(error: ErrorObject): string {
  const { limit } = error.params as { readonly limit?: number }
  const items = `item${limit === 1 ? '' : 's'}`
  const characters = `character${limit === 1 ? '' : 's'}`
  const words: Readonly<Record<string, string>> = {
    minimum: `must be at least ${limit}`,
    maximum: `must be at most ${limit}`,
    exclusiveMinimum: `must be more than ${limit}`,
    exclusiveMaximum: `must be less than ${limit}`,
    minItems: `needs at least ${limit} ${items}`,
    maxItems: `takes at most ${limit} ${items}`,
    minLength: limit === 1 ? 'must not be empty' : `needs at least ${limit} ${characters}`,
    maxLength: `takes at most ${limit} ${characters}`,
    minProperties: limit === 1 ? 'must not be empty' : `needs at least ${limit} members`,
    uniqueItems: 'names something twice',
    not: 'has members that exclude each other',
  }
  return words[error.keyword] ?? error.message ?? 'is wrong'
}

interface Branch {
  readonly type?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
}

/** What a value may be, of which it is none. */
export function alternatives(error: ErrorObject): string {
  const branches = ((error.parentSchema as Record<string, unknown> | undefined)?.[error.keyword] ??
    []) as readonly Branch[]
  const said = branches.map((branch) => {
    if (branch.const !== undefined) return JSON.stringify(branch.const)
    if (branch.enum) return branch.enum.join(' or ')
    if (branch.type === 'object' && branch.required) return `a map with ${branch.required.join(', ')}`
    if (branch.required) return `given with ${branch.required.join(', ')}`
    return typeName(branch.type ?? 'something else')
  })
  return [...new Set(said)].join(' or ')
}
