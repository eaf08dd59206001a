import { Ajv, type ErrorObject } from 'ajv'
import { LocalFile } from '../../runner/modules/local-file.ts'
import { LocalFolder } from '../../runner/modules/local-folder.ts'
import type { ObjectSchema } from '../../runner/modules/module.ts'
import { isMap, Unknown, type Values } from '../../runner/plan/unknown.ts'
import { Secret } from '../../runner/secret.ts'
import { isExpression } from './case-file.ts'

const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true })

/**
 * What is wrong with arguments by the schema of their module. Leaves that are an expression, a secret or not known have no
 * type yet, so nothing is said of them; a local file counts as its name, evaluated expressions as their text.
 */
export function schemaErrors(schema: ObjectSchema, given: Values): readonly string[] {
  const open: string[] = []
  const plain = strip(asWritten(schema, given), '', open)
  const validate = ajv.compile(schema as object)
  if (validate(plain)) return []
  // where a leaf is open, a branch that fails because of it fails as a whole
  const errors = (validate.errors ?? []).filter((error) => !open.some((path) => concerns(error, path)))
  return errors.map((error) => `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`)
}

/** A single expression is handed over as a list of one. */
function asWritten(schema: ObjectSchema, given: Values): Values {
  const single = (name: string) =>
    schema.properties[name]?.['x-expressions'] && (schema.properties[name] as { type?: unknown }).type === 'string'
  const members = Object.entries(given).map(([name, value]) => [
    name,
    single(name) && Array.isArray(value) ? value[0] : value,
  ])
  return Object.fromEntries(members) as Values
}

function concerns(error: ErrorObject, path: string): boolean {
  if (error.instancePath === path || error.instancePath.startsWith(`${path}/`)) return true
  return (
    /^(oneOf|anyOf|if)$/.test(error.keyword) && error.instancePath !== '' && path.startsWith(`${error.instancePath}/`)
  )
}

function strip(value: unknown, path: string, open: string[]): unknown {
  if (value instanceof Unknown || value instanceof Secret || isExpression(value)) {
    open.push(path)
    return 'open'
  }
  if (Array.isArray(value)) return value.map((item, index) => strip(item, `${path}/${index}`, open))
  if (value instanceof LocalFile || value instanceof LocalFolder) return value.path
  if (!isMap(value)) return value
  if ('holds' in value && 'text' in value) return value['text']
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, strip(item, `${path}/${name}`, open)]))
}
