import type { ObjectSchema } from '../../module.ts'

export const summary = 'The name of the host, now and at every start'
export const key = [] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      maxLength: 253,
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$',
      description: 'The name; with its domain if the host is to know that.',
    },
    hosts_entry: {
      type: 'boolean',
      default: true,
      description:
        'Whether /etc/hosts gives the name the address 127.0.1.1, as Debian’s installer does it; without, `sudo` and others wait for a name server.',
    },
  },
  required: ['name'],
  'x-main': 'name',
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { name: { type: 'string', description: 'The name.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
