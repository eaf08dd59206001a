import type { ObjectSchema } from '../../module.ts'
import { absolutePath, attributes } from '../arguments.ts'

export const summary = 'A file, directory or link: that it is there or is not, who owns it, and its permissions'

export const key = ['path'] as const

export const args = {
  type: 'object',
  properties: {
    path: { ...absolutePath, description: 'Absolute path on the host.' },
    state: {
      enum: ['file', 'directory', 'link', 'hard', 'touch', 'absent'],
      default: 'file',
      description:
        '`directory`: made with its parents. `link`: a symbolic link to `src`. `hard`: another name of the file `src`. `touch`: an empty file where there is none. `absent`: removed with all below it. `file`: it must be there already; only owner, group and mode are set.',
    },
    src: {
      type: 'string',
      minLength: 1,
      description: 'What the link points to, or the other name of the file. For `state: link` and `hard`.',
    },
    force: {
      type: 'boolean',
      default: false,
      description: 'With `state: link` and `hard`: a file that is in the way is replaced.',
    },
    ...attributes,
    recurse: {
      type: 'boolean',
      default: false,
      description: 'With `state: directory`: owner, group and mode hold for everything below it, too.',
    },
  },
  required: ['path'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The path.' },
    state: { type: 'string', description: '`file`, `directory`, `link`, `absent` or `other`.' },
    owner: { type: 'string', description: 'Name of the owner.' },
    group: { type: 'string', description: 'Name of the group.' },
    mode: { type: 'string', description: 'Permissions as four octal digits.' },
    size: { type: 'integer', description: 'Bytes.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
