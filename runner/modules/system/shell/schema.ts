import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../arguments.ts'
import { commandOutputs, guardArguments, guardKey } from '../guard.ts'

export const summary = 'A text for the shell: with pipes, redirections and variables'

export const key = guardKey

export const args = {
  type: 'object',
  properties: {
    cmd: {
      'x-argv': true,
      type: 'string',
      minLength: 1,
      description: 'The text. Values from elsewhere belong through the filter `quote`.',
    },
    executable: { ...absolutePath, default: '/bin/sh', description: 'The shell.' },
    ...guardArguments,
  },
  required: ['cmd'],
  'x-main': 'cmd',
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: commandOutputs,
  additionalProperties: false,
} as const satisfies ObjectSchema
