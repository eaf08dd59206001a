type Schema = Readonly<Record<string, unknown>>

/** What says nothing about whether a value fits. */
const silent = /^(description|default|title|x-(?!bytes$).*)$/
const patterns = new Map<string, RegExp>()

/**
 * Whether a value certainly fits a JSON Schema: the quick answer for what is right, as nearly everything is, since compiling a
 * schema with ajv costs more than all else that `validate` does. `open` says of a value that it may turn out to be anything.
 * False means only that ajv has to look: it alone finds what is wrong. Keywords that are not known here are such a case.
 */
export function fits(schema: Schema, value: unknown, open: (value: unknown) => boolean): boolean {
  if (open(value)) return true
  return Object.entries(schema).every(
    ([keyword, wanted]) => silent.test(keyword) || holds(keyword, wanted, schema, value, open),
  )
}

function holds(
  keyword: string,
  wanted: unknown,
  schema: Schema,
  value: unknown,
  open: (value: unknown) => boolean,
): boolean {
  switch (keyword) {
    case 'type':
      return (Array.isArray(wanted) ? wanted : [wanted]).some((type) => isOf(String(type), value))
    case 'enum':
      return (wanted as readonly unknown[]).includes(value)
    case 'const':
      return value === wanted
    case 'pattern':
      return typeof value !== 'string' || patternOf(wanted as string).test(value)
    // lengths count characters, as JSON Schema does
    case 'minLength':
      return typeof value !== 'string' || [...value].length >= (wanted as number)
    case 'maxLength':
      return typeof value !== 'string' || [...value].length <= (wanted as number)
    case 'x-bytes':
      return typeof value !== 'string' || bytesOf(value) <= (wanted as number)
    case 'minimum':
      return typeof value !== 'number' || value >= (wanted as number)
    case 'maximum':
      return typeof value !== 'number' || value <= (wanted as number)
    case 'exclusiveMinimum':
      return typeof value !== 'number' || value > (wanted as number)
    case 'minItems':
      return !Array.isArray(value) || value.length >= (wanted as number)
    case 'maxItems':
      return !Array.isArray(value) || value.length <= (wanted as number)
    case 'minProperties':
      return !isObject(value) || Object.keys(value).length >= (wanted as number)
    case 'maxProperties':
      return !isObject(value) || Object.keys(value).length <= (wanted as number)
    case 'propertyNames':
      return !isObject(value) || Object.keys(value).every((name) => fits(wanted as Schema, name, open))
    case 'items':
      return !Array.isArray(value) || value.every((item) => fits(wanted as Schema, item, open))
    case 'required':
      return !isObject(value) || (wanted as readonly string[]).every((name) => value[name] !== undefined)
    case 'properties':
      return (
        !isObject(value) ||
        Object.entries(wanted as Readonly<Record<string, Schema>>).every(
          ([name, inner]) => value[name] === undefined || fits(inner, value[name], open),
        )
      )
    case 'additionalProperties':
      return !isObject(value) || additional(wanted, schema, value, open)
    case 'anyOf':
      return (wanted as readonly Schema[]).some((inner) => fits(inner, value, open))
    case 'oneOf':
      return exactlyOne(wanted as readonly Schema[], value, open)
    case 'not':
      return onlyAsks(wanted as Schema) && isObject(value) && !fits(wanted as Schema, value, open)
    default:
      return false
  }
}

/** That other branches do not fit is certain only where each merely asks which members are there. */
function exactlyOne(branches: readonly Schema[], value: unknown, open: (value: unknown) => boolean): boolean {
  return (
    branches.every(onlyAsks) && isObject(value) && branches.filter((branch) => fits(branch, value, open)).length === 1
  )
}

function onlyAsks(schema: Schema): boolean {
  return Object.keys(schema).every((keyword) => keyword === 'required')
}

function additional(
  wanted: unknown,
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  open: (value: unknown) => boolean,
): boolean {
  if (wanted === true) return true
  const known = (schema['properties'] ?? {}) as object
  const others = Object.keys(value).filter((name) => !Object.hasOwn(known, name))
  return wanted === false ? others.length === 0 : others.every((name) => fits(wanted as Schema, value[name], open))
}

function patternOf(source: string): RegExp {
  const already = patterns.get(source)
  if (already) return already
  const pattern = new RegExp(source, 'u')
  patterns.set(source, pattern)
  return pattern
}

/** How many bytes a text is on its way, in UTF-8: what AWS counts where it says KB. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === 'null' ? value === null : typeof value === type && value !== null
}
