import type { ObjectSchema } from '../../module.ts'
import { commandOutputs, guardArguments, guardKey } from '../guard.ts'

export const summary = 'A program, run without a shell'

export const key = guardKey

export const args = {
  type: 'object',
  properties: {
    argv: {
      'x-argv': true,
      type: 'array',
      items: { type: ['string', 'number'] },
      minItems: 1,
      description: 'The program and its words, each as it is.',
    },
    cmd: {
      'x-argv': true,
      type: 'string',
      minLength: 1,
      description: 'The same as a text, which is split at spaces that are not quoted.',
    },
    ...guardArguments,
  },
  oneOf: [{ required: ['argv'] }, { required: ['cmd'] }],
  'x-main': 'cmd',
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: commandOutputs,
  additionalProperties: false,
} as const satisfies ObjectSchema
