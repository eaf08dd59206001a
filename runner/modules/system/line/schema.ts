import type { ObjectSchema } from '../../module.ts'
import { args as copyArgs } from '../copy/schema.ts'

export const summary = 'One line of a text file: that it is there, replaces another, or is gone'

export const key = ['path'] as const

const { dest, owner, group, mode, validate, backup } = copyArgs.properties

export const args = {
  type: 'object',
  properties: {
    path: { ...dest, description: 'Absolute name of the file on the host. A link is followed.' },
    line: { type: 'string', pattern: '^[^\\n\\r]*$', description: 'The line, without its end.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the line is to be there.' },
    regexp: {
      type: 'string',
      minLength: 1,
      description:
        'What the line to be replaced looks like (the last of several; none: the line is added), or with `state: absent` all lines to be removed. It should match the new line, too. JavaScript syntax; `(?i)` in front is understood.',
    },
    insertafter: {
      type: 'string',
      minLength: 1,
      description:
        'Where a line is added: behind the last line that this regular expression matches. Default `EOF`, the end.',
    },
    insertbefore: {
      type: 'string',
      minLength: 1,
      description:
        'Where a line is added: before the last line that this regular expression matches. `BOF`: at the beginning.',
    },
    firstmatch: { type: 'boolean', default: false, description: 'The first line that matches is meant, not the last.' },
    backrefs: {
      type: 'boolean',
      default: false,
      description:
        '`\\1` or `\\g<name>` in `line` stands for a group of `regexp`; where that matches nothing, nothing is done.',
    },
    create: { type: 'boolean', default: false, description: 'A file that is not there is made.' },
    owner,
    group,
    mode,
    validate,
    backup,
  },
  required: ['path'],
  anyOf: [{ required: ['line'] }, { required: ['regexp'] }],
  not: { required: ['insertafter', 'insertbefore'] },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The name of the file.' },
    backup_file: { type: 'string', description: 'Where the file as it was is kept; empty if it is not.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
