import type { ObjectSchema } from '../../module.ts'

export const summary = 'Fails unless all of its conditions hold'

export const key = [] as const

export const args = {
  type: 'object',
  properties: {
    that: {
      type: ['string', 'boolean', 'array'],
      items: { type: ['string', 'boolean'] },
      minLength: 1,
      minItems: 1,
      'x-expressions': true,
      description: 'One condition or several, written as in `when:`, without braces.',
    },
    fail_msg: { type: 'string', description: 'Said when one of them does not hold. Default: which one.' },
    success_msg: { type: 'string', description: 'Said when all hold.' },
  },
  required: ['that'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {},
  additionalProperties: false,
} as const satisfies ObjectSchema
