import type { ObjectSchema } from '../../module.ts'

export const summary = 'The time zone of the host'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*)*$',
      description: 'As the tz database names it: `Etc/UTC`, `Europe/Berlin`.',
    },
  },
  required: ['name'],
  'x-main': 'name',
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { name: { type: 'string', description: 'The time zone.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
