import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../arguments.ts'
import { commandOutputs, guardArguments, guardKey } from '../guard.ts'

export const summary = 'A script from beside the playbook, run on the host'

export const key = guardKey

export const args = {
  type: 'object',
  properties: {
    src: { type: 'string', minLength: 1, 'x-reads': 'file', description: 'The script, a file beside the playbook.' },
    args: {
      'x-argv': true,
      type: 'array',
      items: { type: ['string', 'number'] },
      description:
        'Words that it is given. Everybody on the host can see them: secrets go in by `stdin` or `environment`.',
    },
    executable: {
      ...absolutePath,
      description: 'What runs it. Default: what its first line (`#!`) says, else /bin/sh.',
    },
    ...guardArguments,
  },
  required: ['src'],
  'x-main': 'src',
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: commandOutputs,
  additionalProperties: false,
} as const satisfies ObjectSchema
