import type { ObjectSchema } from '../../module.ts'
import { args as copyArgs, returns as copyReturns } from '../copy/schema.ts'

export const summary = 'A file made from a text with expressions in it'

export const key = ['dest'] as const

const { dest, owner, group, mode, validate, force, backup } = copyArgs.properties

export const args = {
  type: 'object',
  properties: {
    src: {
      type: 'string',
      minLength: 1,
      'x-reads': 'template',
      description: 'A file beside the playbook; its expressions in `{{ }}` see the variables of the task.',
    },
    dest,
    owner,
    group,
    mode,
    validate,
    force,
    backup,
  },
  required: ['src', 'dest'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = copyReturns
