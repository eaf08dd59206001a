import type { ObjectSchema } from '../../module.ts'
import { args as lineArgs, returns as lineReturns } from '../line/schema.ts'

export const summary = 'Lines of a text file between two markers: that they are there as written, or are gone'

export const key = ['path'] as const

const { path, create, owner, group, mode, validate, backup, firstmatch } = lineArgs.properties

export const args = {
  type: 'object',
  properties: {
    path,
    block: { type: 'string', description: 'The lines. An empty text takes the block away, as `state: absent` does.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the block is to be there.' },
    marker: {
      type: 'string',
      pattern: '^[^\\n\\r]*\\{mark\\}[^\\n\\r]*$',
      default: '# {mark} MANAGED BLOCK',
      description:
        'The lines around the block; `{mark}` stands for `BEGIN` and `END`. Each block of a file needs markers of its own, in the comment syntax of the file.',
    },
    marker_begin: { type: 'string', pattern: '^[^\\n\\r]+$', default: 'BEGIN', description: 'What `{mark}` is above.' },
    marker_end: { type: 'string', pattern: '^[^\\n\\r]+$', default: 'END', description: 'What `{mark}` is below.' },
    insertafter: {
      type: 'string',
      minLength: 1,
      description:
        'Where a new block is put: behind the last line that this regular expression matches. Default `EOF`, the end.',
    },
    insertbefore: {
      type: 'string',
      minLength: 1,
      description:
        'Where a new block is put: before the last line that this regular expression matches. `BOF`: at the beginning.',
    },
    firstmatch,
    create,
    owner,
    group,
    mode,
    validate,
    backup,
  },
  required: ['path'],
  not: { required: ['insertafter', 'insertbefore'] },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = lineReturns
