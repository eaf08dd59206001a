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
      description: 'Whether there is such a user.',
    },
    remove: {
      type: 'boolean',
      default: false,
      description: 'With `state: absent`: whether his home directory and mail go with him. Default: they stay.',
    },
    uid: { type: 'integer', minimum: 0, description: 'Number of the user.' },
    group: { ...accountName, description: 'Primary group.' },
    groups: { type: 'array', items: accountName, description: 'Other groups.' },
    append: { type: 'boolean', default: true, description: 'Whether groups that are not listed are kept.' },
    shell: { ...absolutePath, description: 'Login shell.' },
    home: { ...absolutePath, description: 'Home directory.' },
    move_home: {
      type: 'boolean',
      default: false,
      description: 'Whether what is in the old home directory comes into the new one when `home` changes.',
    },
    create_home: { type: 'boolean', default: true, description: 'Whether the home directory is made with the user.' },
    system: { type: 'boolean', default: false, description: 'Whether a new user gets a number below 1000.' },
    comment: { type: 'string', pattern: '^[^:\\n]*$', description: 'Full name.' },
    locked: {
      type: 'boolean',
      description:
        'Whether nobody can log in with his password. Keys still count: `expires` or another shell ends those.',
    },
    expires: {
      type: 'string',
      pattern: '^([0-9]{4}-[0-9]{2}-[0-9]{2}|never)$',
      description: 'Day from which the account no longer counts: "2027-01-31", or `never`.',
    },
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
