import type { ObjectSchema } from '../../module.ts'
import { absolutePath, account, octalMode } from '../arguments.ts'

export const summary = 'A folder from beside the playbook, with all below it: only files that differ are sent'

export const key = ['dest', 'src', 'exclude'] as const

export const args = {
  type: 'object',
  properties: {
    src: {
      type: 'string',
      minLength: 1,
      'x-reads': 'folder',
      description: 'The folder; what is in it comes into `dest`.',
    },
    dest: { ...absolutePath, description: 'The directory on the host; made if it is not there (its parent must be).' },
    delete: {
      type: 'boolean',
      default: false,
      description: 'Whether what is there and not in the folder is taken away; what is excluded never is.',
    },
    exclude: {
      type: 'array',
      items: { type: 'string', pattern: '^[^\\u0000]+$' },
      description:
        'What is left out, here and there: `node_modules` or `*.log` anywhere; with a slash in front or in the middle (`/tmp`, `a/**/b`) from the top; with one at its end only directories.',
    },
    owner: { ...account, description: 'User that owns all of it: a name or a uid. Default: who writes it.' },
    group: { ...account, description: 'Group that owns all of it: a name or a gid. Default: that of who writes it.' },
    file_mode: {
      ...octalMode,
      description: 'Permissions of files. Default: 0644, or 0755 for those that can be run here.',
    },
    directory_mode: { ...octalMode, default: '0755', description: 'Permissions of directories.' },
  },
  required: ['src', 'dest'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    dest: { type: 'string', description: 'The directory.' },
    files: { type: 'integer', description: 'How many files are in the folder.' },
    bytes: { type: 'integer', description: 'How many bytes they have.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
