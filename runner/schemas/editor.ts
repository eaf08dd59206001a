import {
  blockKeys,
  importPlaybookKeys,
  importTasksKeys,
  playKeys,
  taskKeys,
  type KeySpec,
  type KeyTable,
} from '../language/keys.ts'
import type { ObjectSchema } from '../modules/module.ts'

type Schema = Record<string, unknown>

const draft = 'http://json-schema.org/draft-07/schema#'
/** What stands wherever an expression may: a text with `{{ … }}` in it. */
const expression: Schema = { type: 'string', pattern: '\\{\\{' }

/** The schema that an editor uses for playbooks: every leaf may also be an expression. */
export function playbookSchema(modules: readonly (readonly [string, string])[]): Schema {
  const tasks: Schema = { type: ['array', 'null'], items: { $ref: '#/definitions/item' } }
  const listKeys = (table: KeyTable, keys: readonly string[]): Schema => ({
    ...propertiesOf(table),
    ...Object.fromEntries(keys.map((key) => [key, { ...tasks, description: table[key]?.description }])),
  })
  const moduleProperties = Object.fromEntries(
    modules.map(([name, summary]) => [
      name,
      { description: summary, anyOf: [{ $ref: `modules/${name}.json` }, { type: 'null' }] },
    ]),
  )
  const object = (properties: Schema, required: readonly string[]): Schema => ({
    type: 'object',
    properties,
    additionalProperties: false,
    required,
  })
  return {
    $schema: draft,
    title: 'Playbook',
    description: 'A list of plays.',
    type: 'array',
    items: {
      if: { type: 'object', required: ['import_playbook'] },
      then: object(propertiesOf(importPlaybookKeys), ['import_playbook']),
      else: object(listKeys(playKeys, ['pre_tasks', 'tasks', 'post_tasks', 'handlers']), ['hosts']),
    },
    definitions: {
      item: {
        if: { type: 'object', required: ['block'] },
        then: object(listKeys(blockKeys, ['block', 'rescue', 'always']), ['block']),
        else: {
          if: { type: 'object', required: ['import_tasks'] },
          then: object(propertiesOf(importTasksKeys), ['import_tasks']),
          else: { ...object({ ...propertiesOf(taskKeys), ...moduleProperties }, []) },
        },
      },
    },
  }
}

/** The arguments of one module as an editor checks them. */
export function moduleSchema(name: string, summary: string, args: ObjectSchema): Schema {
  const map = { ...(opened(args as Schema, true) as Schema), description: summary }
  const main = args['x-main']
  if (main === undefined) return { $schema: draft, title: name, ...map }
  return {
    $schema: draft,
    title: name,
    description: summary,
    anyOf: [map, { type: 'string', minLength: 1, description: `The same as \`${main}\` alone.` }],
  }
}

/** The schema that an editor uses for inventories. */
export function inventorySchema(groupTable: KeyTable, hostTable: KeyTable): Schema {
  const host: Schema = { type: ['object', 'null'], properties: propertiesOf(hostTable), additionalProperties: false }
  const list: Schema = { type: 'array', items: { type: 'string' } }
  const properties = {
    ...propertiesOf(groupTable),
    hosts: {
      description: groupTable['hosts']?.description,
      anyOf: [{ type: 'object', additionalProperties: host }, list],
    },
    children: {
      description: groupTable['children']?.description,
      anyOf: [{ type: 'object', additionalProperties: { $ref: '#/definitions/group' } }, list],
    },
  }
  return {
    $schema: draft,
    title: 'Inventory',
    description: 'Groups of hosts by name.',
    type: 'object',
    additionalProperties: { $ref: '#/definitions/group' },
    definitions: { group: { type: ['object', 'null'], properties, additionalProperties: false } },
  }
}

function propertiesOf(table: KeyTable): Schema {
  return Object.fromEntries(Object.entries(table).map(([key, spec]) => [key, schemaOf(spec)]))
}

function schemaOf(spec: KeySpec): Schema {
  const { description, kind, choices, open, keys } = spec
  const texts: Schema = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }
  const bare: Schema = { type: ['string', 'boolean'] }
  const size: Schema = {
    anyOf: [
      { type: 'number', minimum: 1 },
      { type: 'string', pattern: '^\\d+%$' },
    ],
  }
  const schemas: Record<KeySpec['kind'], Schema> = {
    text: { type: 'string', ...(choices && { enum: choices }) },
    texts,
    boolean: { type: 'boolean' },
    number: { type: 'number', minimum: 0 },
    map: {
      type: 'object',
      ...(keys && { properties: propertiesOf(keys), additionalProperties: false }),
    },
    list: { type: ['array', 'null'] },
    expression: bare,
    expressions: { anyOf: [bare, { type: 'array', items: bare }] },
    sizes: { anyOf: [size, { type: 'array', items: size }] },
    loop: { type: ['array', 'string'], items: {} },
    any: {},
  }
  const schema = schemas[kind]
  return { description, ...(open && kind === 'boolean' ? { anyOf: [schema, expression] } : schema) }
}

const annotations = ['x-reads', 'x-expressions', 'x-ready', 'x-main', 'x-argv']

/** The same schema with an expression allowed in the place of every value but the whole. */
function opened(schema: unknown, top = false): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map((one: unknown) => opened(one))
  const own = Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !annotations.includes(key))
      // an editor can't count bytes; so many characters are at least as many
      .map(([key, value]: [string, unknown]) => [key === 'x-bytes' ? 'maxLength' : key, value] as const)
      .map(([key, value]) => [key, deepened(key, value)]),
  )
  const { description, default: otherwise, ...rest } = own
  const choice = ['enum', 'pattern', 'const', 'anyOf', 'oneOf'].some((key) => key in rest)
  if (top || (!choice && (rest['type'] === undefined || rest['type'] === 'string'))) return own
  return {
    ...(description !== undefined && { description }),
    ...(otherwise !== undefined && { default: otherwise }),
    anyOf: [rest, expression],
  }
}

function deepened(key: string, value: unknown): unknown {
  if (key === 'properties' || key === 'patternProperties')
    return Object.fromEntries(Object.entries(value as Schema).map(([name, inner]) => [name, opened(inner)]))
  if (key === 'items' || key === 'additionalProperties') return opened(value)
  return value
}
