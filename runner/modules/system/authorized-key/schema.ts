import type { ObjectSchema } from '../../module.ts'
import { accountName, filePath } from '../arguments.ts'

export const summary = 'SSH keys with which one may log in as a user'
export const key = ['user', 'path'] as const

export const args = {
  type: 'object',
  properties: {
    user: { ...accountName, description: 'As whom one may log in.' },
    key: {
      type: ['string', 'array'],
      items: { type: 'string', minLength: 1 },
      minLength: 1,
      description:
        'Public keys, as in `id_ed25519.pub`: one, several lines, or a list. Options in front and a comment behind are understood.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether these keys are to be there.' },
    options: {
      type: 'string',
      pattern: '^[^\\n]+$',
      description:
        'Options of these keys, as sshd(8) knows them: `from="10.0.0.0/8",no-pty`. Default: those in front of the key, else those that are there.',
    },
    exclusive: {
      type: 'boolean',
      default: false,
      description: 'Whether all other keys are taken away. With a list of all keys, not in a loop.',
    },
    path: { ...filePath, description: 'The file. Default: `.ssh/authorized_keys` in the home directory.' },
    manage_dir: {
      type: 'boolean',
      default: true,
      description:
        'Whether the directory is made, belongs to the user and is closed to others (0700), as sshd wants it.',
    },
  },
  required: ['user', 'key'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The file.' },
    fingerprints: {
      type: 'array',
      items: { type: 'string' },
      description: 'Fingerprints (SHA256) of all keys that are in it.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
