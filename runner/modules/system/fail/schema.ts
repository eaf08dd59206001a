import type { ObjectSchema } from '../../module.ts'

export const summary = 'Fails with a sentence of your own; useful with `when`'

export const key = [] as const

export const args = {
  type: 'object',
  properties: { msg: { type: 'string', default: 'Failed as requested from task', description: 'Why.' } },
  'x-main': 'msg',
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {},
  additionalProperties: false,
} as const satisfies ObjectSchema
