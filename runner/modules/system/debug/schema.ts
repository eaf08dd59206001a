import type { ObjectSchema } from '../../module.ts'

export const summary = 'Says something'

export const key = [] as const

export const args = {
  type: 'object',
  properties: {
    msg: { description: 'What to say: a text, or any value. A secret is said as [secret].' },
    var: {
      type: 'string',
      minLength: 1,
      'x-expressions': true,
      description: 'A variable or expression, without braces: what it is, and its value.',
    },
  },
  oneOf: [{ required: ['msg'] }, { required: ['var'] }],
  'x-main': 'msg',
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { msg: { description: 'What was said.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
