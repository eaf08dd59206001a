import type { ObjectSchema } from '../../module.ts'

export const summary = 'A public IPv4 address that stays, whatever it leads to'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 256, description: 'Name, kept in the tag Name.' },
    instance: {
      type: 'string',
      pattern: '^i-',
      description: 'Id of the instance that it leads to. Left as it is if not said.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Id of the allocation, for a network load balancer.' },
    public_ip: { type: 'string', description: 'The address.' },
    instance: { type: 'string', description: 'Id of the instance that it leads to.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
