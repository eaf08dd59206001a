import type { ObjectSchema } from '../../module.ts'
import { absolutePath, account } from '../arguments.ts'

export const summary = 'A command that systemd runs at given times: a timer and its service as one thing'
export const key = ['name'] as const

const span = { type: 'string', pattern: '^[0-9A-Za-z. ]+$' } as const
const calendar = { type: 'string', pattern: '^[^\\n]+$' } as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9:_][A-Za-z0-9:_.@-]*$',
      description: 'Name of both units, without `.timer`.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether there is such a timer.' },
    description: { type: 'string', pattern: '^[^\\n]+$', description: 'What it is for. Default: its name.' },
    command: {
      type: ['string', 'array'],
      items: { type: 'string' },
      minLength: 1,
      minItems: 1,
      description: 'The program, by its absolute path, and its words. No shell.',
    },
    on_calendar: {
      anyOf: [calendar, { type: 'array', items: calendar, minItems: 1 }],
      description: 'When, as systemd.time(7) writes it: `daily`, `*-*-* 03:30`, `Mon..Fri 08:00`.',
    },
    on_boot: { ...span, description: 'How long after the start of the host: `10min`.' },
    every: { ...span, description: 'How long after the last time: `1h`.' },
    randomized_delay: { ...span, description: 'Up to how much later, so that not all hosts do it at once.' },
    accuracy: { ...span, description: 'How exact it has to be. Default: `1min`.' },
    persistent: {
      type: 'boolean',
      default: true,
      description: 'Whether a time of `on_calendar` that was missed, the host being off, is made up for.',
    },
    user: { ...account, description: 'As whom it runs. Default: root.' },
    working_directory: { ...absolutePath, description: 'Where it runs.' },
    environment: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'Variables. They can be read by all users of the host: secrets belong in `environment_file`.',
    },
    environment_file: { ...absolutePath, description: 'File of variables, read when it runs.' },
    timeout: { ...span, description: 'After how long it is ended. Default: never.' },
    enabled: { type: 'boolean', default: true, description: 'Whether it is active, now and after the next start.' },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    next: { type: 'string', description: 'When it runs next, as the host writes it; empty if that is not known.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
