import type { ObjectSchema } from '../../module.ts'
import { absolutePath, attributes, filePath } from '../arguments.ts'

export const summary =
  'A file with a given content: a text, a file from beside the playbook, or one that is on the host'

export const key = ['dest', 'remote_src'] as const

export const args = {
  type: 'object',
  properties: {
    dest: { ...filePath, description: 'Absolute name of the file on the host; not the directory that it is put into.' },
    content: { type: 'string', description: 'What the file holds, to the last byte.' },
    src: {
      type: 'string',
      minLength: 1,
      'x-reads': 'file',
      description:
        'A file beside the playbook that is copied as it is. For one with expressions in it: system.template.',
    },
    remote_src: { ...absolutePath, description: 'A file on the host that is copied.' },
    ...attributes,
    validate: {
      type: ['string', 'array'],
      items: { type: 'string' },
      minLength: 1,
      minItems: 1,
      description:
        'A command that must succeed on the new file before it replaces the old one; `%s` stands for its name. No shell.',
    },
    force: {
      type: 'boolean',
      default: true,
      description:
        'Whether a file that is there is replaced when it holds something else. `false`: only one that is missing is written.',
    },
    backup: {
      type: 'boolean',
      default: false,
      description: 'The file that is replaced is kept beside it, named by the time.',
    },
  },
  required: ['dest'],
  oneOf: [{ required: ['content'] }, { required: ['src'] }, { required: ['remote_src'] }],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    dest: { type: 'string', description: 'The name of the file.' },
    sha256: { type: 'string', description: 'SHA-256 of what it holds, in hexadecimal; a secret if that is one.' },
    backup_file: { type: 'string', description: 'Where the file that was replaced is kept; empty if nothing was.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
