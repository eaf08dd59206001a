import type { ObjectSchema } from '../../module.ts'
import { accountName } from '../arguments.ts'

export const summary = 'A group of users'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: { ...accountName, description: 'Name of the group.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether there is such a group.' },
    gid: { type: 'integer', minimum: 0, description: 'Number of the group. Default: the next that is free.' },
    system: { type: 'boolean', default: false, description: 'Whether a new group gets a number below 1000.' },
    members: {
      type: 'array',
      items: accountName,
      description: 'Users who are in it besides those whose primary group it is. Default: left as they are.',
    },
    append: { type: 'boolean', default: true, description: 'Whether members that are not listed are kept.' },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Name of the group.' },
    gid: { type: 'integer', description: 'Number.' },
    members: { type: 'array', items: { type: 'string' }, description: 'Who is in it, by what /etc/group says.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
