import type { ObjectSchema } from '../../module.ts'
import { absolutePath, accountName } from '../arguments.ts'

export const summary = 'A user account'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: { ...accountName, description: 'Login name.' },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether there is such a user. The home directory stays when it goes.',
    },
    uid: { type: 'integer', minimum: 0, description: 'Number of the user.' },
    group: { ...accountName, description: 'Primary group.' },
    groups: { type: 'array', items: accountName, description: 'Other groups.' },
    append: { type: 'boolean', default: true, description: 'Whether groups that are not listed are kept.' },
    shell: { ...absolutePath, description: 'Login shell.' },
    home: { ...absolutePath, description: 'Home directory.' },
    create_home: { type: 'boolean', default: true, description: 'Whether the home directory is made with the user.' },
    system: { type: 'boolean', default: false, description: 'Whether a new user gets a number below 1000.' },
    comment: { type: 'string', pattern: '^[^:\\n]*$', description: 'Full name.' },
    password_hash: {
      type: 'string',
      pattern: '^[^:\\n]+$',
      description: 'Hash of the password as in /etc/shadow; set only when it differs.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Login name.' },
    uid: { type: 'integer', description: 'Number.' },
    home: { type: 'string', description: 'Home directory.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
