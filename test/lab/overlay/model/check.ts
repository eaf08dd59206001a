import type { Member, Service, Shape } from './service.ts'

/** What a protocol makes of a node of its own kind. */
export interface Reader<Node> {
  /** Members by their names in the model; those that the model does not know. */
  members(node: Node, shape: Shape): { readonly known: ReadonlyMap<string, Node>; readonly unknown: readonly string[] }
  items(node: Node, shape: Shape, as: Member): readonly Node[] | undefined
  entries(node: Node, shape: Shape, as: Member): readonly (readonly [key: Node, value: Node])[] | undefined
  /** Text where the protocol writes all as text, else the value as it is. */
  scalar(node: Node): { readonly text: string } | { readonly value: unknown }
}

/** What AWS's model says against a value: members that are missing or not known, types, enumerations, patterns, lengths, ranges. */
export function faultsOf<Node>(
  service: Service,
  as: Member,
  node: Node,
  reader: Reader<Node>,
  path: string,
): readonly string[] {
  const shape = service.shapes[as.shape]
  if (!shape) return [`${path}: the model has no shape ${as.shape}`]
  const below = (member: Member, inner: Node, name: string): readonly string[] =>
    faultsOf(service, member, inner, reader, path === '' ? name : `${path}.${name}`)
  switch (shape.type) {
    case 'structure': {
      if (shape.document) return []
      const { known, unknown } = reader.members(node, shape)
      const missing = (shape.required ?? []).filter((name) => !known.has(name))
      const of = path === '' ? '' : ` of ${path}`
      return [
        ...unknown.map((name) => `no member ${name}${of}`),
        ...missing.map((name) => `${name}${of} is required`),
        ...(shape.union && known.size !== 1 ? [`${path} must have exactly one member`] : []),
        ...[...known].flatMap(([name, inner]) => below(shape.members?.[name] as Member, inner, name)),
      ]
    }
    case 'list': {
      const items = reader.items(node, shape, as)
      if (items === undefined) return [`${path} must be a list`]
      return [
        ...outside(items.length, shape, `${path} must have`, 'items'),
        ...items.flatMap((item, index) => below(shape.member as Member, item, String(index + 1))),
      ]
    }
    case 'map': {
      const entries = reader.entries(node, shape, as)
      if (entries === undefined) return [`${path} must be a map`]
      return [
        ...outside(entries.length, shape, `${path} must have`, 'entries'),
        ...entries.flatMap(([key, value], index) => [
          ...below(shape.key as Member, key, `key ${index + 1}`),
          ...below(shape.value as Member, value, `value ${index + 1}`),
        ]),
      ]
    }
    default:
      return scalarFaults(reader.scalar(node), shape, path)
  }
}

function scalarFaults(
  given: { readonly text: string } | { readonly value: unknown },
  shape: Shape,
  path: string,
): readonly string[] {
  const is = 'text' in given ? textIs(given.text, shape.type) : valueIs(given.value, shape.type)
  const value = 'text' in given ? given.text : given.value
  if (!is) return [`${path} must be a ${shape.type}, not ${JSON.stringify(value)}`]
  if (shape.type === 'integer' || shape.type === 'long' || shape.type === 'float' || shape.type === 'double')
    return outside(Number(value), shape, `${path} must be`, '')
  if (shape.type !== 'string') return []
  const text = String(value)
  return [
    ...(shape.enum && !shape.enum.includes(text) ? [`${path} ${JSON.stringify(text)} is not of its enumeration`] : []),
    ...outside([...text].length, shape, `${path} must have`, 'characters'),
    ...(shape.pattern !== undefined && !matches(text, shape.pattern)
      ? [`${path} ${JSON.stringify(text)} must match ${shape.pattern}`]
      : []),
  ]
}

function outside(
  amount: number,
  { min = -Infinity, max = Infinity }: Shape,
  must: string,
  of: string,
): readonly string[] {
  if (amount >= min && amount <= max) return []
  return [`${must} ${amount < min ? `at least ${min}` : `at most ${max}`} ${of}`.trimEnd() + `, not ${amount}`]
}

// ISO 8601, as the query protocols write a time
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function textIs(text: string, type: string): boolean {
  switch (type) {
    case 'integer':
    case 'long':
      return /^-?\d+$/.test(text)
    case 'float':
    case 'double':
      return text !== '' && Number.isFinite(Number(text))
    case 'boolean':
      return text === 'true' || text === 'false'
    case 'timestamp':
      return time.test(text)
    case 'blob':
      return base64.test(text)
    default:
      return true
  }
}

function valueIs(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
    case 'long':
      return Number.isInteger(value)
    case 'float':
    case 'double':
    case 'timestamp':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'blob':
      return typeof value === 'string' && base64.test(value)
    default:
      return typeof value === 'string'
  }
}

const patterns = new Map<string, RegExp>()

/** A pattern of the model, which is Java's, as JavaScript's; AWS matches the whole text. */
export function javaPattern(source: string): RegExp {
  const pattern = source
    .replaceAll(String.raw`\p{Print}`, String.raw`[\x20-\x7e]`)
    .replaceAll(String.raw`\uD800\uDC00-\uDBFF\uDFFF`, String.raw`\u{10000}-\u{10FFFF}`)
  const points = /\\p\{|\\u\{/.test(pattern) ? 'u' : ''
  const blind = pattern.startsWith('(?i)') ? 'i' : ''
  return new RegExp(`^(?:${pattern.replace(/^\(\?i\)/, '')})$`, `s${points}${blind}`)
}

function matches(text: string, source: string): boolean {
  const pattern = patterns.get(source) ?? javaPattern(source)
  patterns.set(source, pattern)
  return pattern.test(text)
}
