import type { ObjectSchema } from '../../module.ts'

export const summary = 'A service of systemd: whether it runs, and whether it starts with the host'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[A-Za-z0-9:_.@\\\\-]+$', description: 'Unit; `.service` may be left out.' },
    state: {
      type: 'string',
      enum: ['started', 'stopped', 'restarted', 'reloaded'],
      description: '`restarted` and `reloaded` are done every time: they belong into handlers.',
    },
    enabled: { type: 'boolean', description: 'Whether it starts with the host.' },
    masked: {
      type: 'boolean',
      description:
        'Whether it can be started at all, by whomever. Default: left as it is; one that is to start is unmasked.',
    },
    daemon_reload: {
      type: 'boolean',
      default: false,
      description: 'Whether systemd reads its units anew first, if one changed.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'The unit.' },
    state: { type: 'string', description: 'What systemd says: active, inactive, failed.' },
    enabled: { type: 'boolean', description: 'Whether it starts with the host.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
