import type { ObjectSchema } from '../../module.ts'
import { account } from '../arguments.ts'

export const summary = 'A command that cron runs: an entry in /etc/cron.d or in a user’s crontab'
export const key = ['name', 'user', 'file'] as const

const place = { type: ['string', 'integer'], pattern: '^[0-9A-Za-z*/,-]+$', default: '*' } as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[^\\n\\r]+$',
      description: 'What the entry is told by: it stands in a comment above it.',
    },
    job: {
      type: 'string',
      pattern: '^[^\\n\\r]+$',
      description: 'The command, for the shell. As cron reads it: `%` ends it unless there is a backslash before.',
    },
    minute: { ...place, description: 'Minute: 0 to 59, `*`, `*/5`, `0,30`.' },
    hour: { ...place, description: 'Hour: 0 to 23.' },
    day: { ...place, description: 'Day of the month: 1 to 31.' },
    month: { ...place, description: 'Month: 1 to 12, or jan to dec.' },
    weekday: { ...place, description: 'Day of the week: 0 to 7 (0 and 7 are Sunday), or sun to sat.' },
    special_time: {
      enum: ['reboot', 'hourly', 'daily', 'weekly', 'monthly', 'annually'],
      description: 'A name instead of minute, hour, day, month and weekday.',
    },
    user: { ...account, default: 'root', description: 'As whom it runs.' },
    file: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+$',
      description:
        'Name of a file in /etc/cron.d for the entry; several entries may share one. Cron ignores names with a dot. Default: the crontab of the user.',
    },
    disabled: { type: 'boolean', default: false, description: 'Whether the entry stands there as a comment only.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether there is such an entry.' },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { line: { type: 'string', description: 'The entry as it is; empty if there is none.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
