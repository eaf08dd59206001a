import type { ObjectSchema } from '../../module.ts'

export const summary = 'A public key that instances let in at their first start'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255, description: 'Name of the key.' },
    public_key: {
      type: 'string',
      pattern: '^(ssh-ed25519|ssh-rsa) ',
      description:
        'The public key as in `id_ed25519.pub`. Another one replaces the key; instances that run keep theirs.',
    },
  },
  required: ['name', 'public_key'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Id of the key.' },
    name: { type: 'string', description: 'Its name.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
