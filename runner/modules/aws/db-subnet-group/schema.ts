import type { ObjectSchema } from '../../module.ts'

export const summary = 'Subnets that a database may use, in at least two zones'

export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-zA-Z0-9][a-zA-Z0-9 ._-]{0,254}$',
      description: 'Name of the group, unique in account and region. AWS keeps it in lower case.',
    },
    description: {
      type: 'string',
      minLength: 1,
      default: 'Subnets of a database',
      description: 'What the group is for.',
    },
    subnets: {
      type: 'array',
      items: { type: 'string' },
      minItems: 2,
      description: 'Ids of the subnets. A Multi-AZ cluster needs three zones.',
    },
  },
  required: ['name', 'subnets'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Name of the group, in lower case.' },
    arn: { type: 'string', description: 'ARN of the group.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
