import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../arguments.ts'

export const summary = 'A new start of the host, where one is needed; goes on when the host is back'

export const key = ['needed', 'file'] as const

export const args = {
  type: 'object',
  properties: {
    needed: {
      enum: ['when_required', 'always'],
      default: 'when_required',
      description:
        '`when_required`: only if `file` is there. `always`: each time; that belongs into a handler, or behind a `when`.',
    },
    file: {
      ...absolutePath,
      default: '/var/run/reboot-required',
      description: 'The file that says so; packages of Debian and Ubuntu that need a new start write this one.',
    },
    timeout: {
      type: 'integer',
      minimum: 10,
      maximum: 3600,
      default: 600,
      description: 'Seconds within which the host has to be back.',
    },
    delay: {
      type: 'integer',
      minimum: 0,
      maximum: 600,
      default: 0,
      description: 'Seconds before it starts anew, for those who are to be told.',
    },
    settle: {
      type: 'boolean',
      default: true,
      description: 'Whether it counts as back only when all services have been started, or have failed to.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    boot_id: { type: 'string', description: 'Another one after each start.' },
    packages: { type: 'array', items: { type: 'string' }, description: 'Packages that asked for it.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
