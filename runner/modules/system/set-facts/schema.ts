import type { ObjectSchema } from '../../module.ts'

export const summary = 'Variables that the tasks after it see: each argument is one'

export const key = [] as const

/** The user names the arguments: `system.set_facts: { release: "{{ … }}" }`. */
export const args = {
  type: 'object',
  properties: {},
  minProperties: 1,
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  additionalProperties: true,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {},
  additionalProperties: true,
} as const satisfies ObjectSchema
