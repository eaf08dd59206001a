import type { ObjectSchema } from '../../module.ts'
import { absolutePath, attributes } from '../arguments.ts'

export const summary = 'An archive unpacked on the host: from beside the playbook, from the host, or from an address'

export const key = ['dest', 'remote_src', 'url', 'sha256', 'creates', 'name'] as const

const { owner, group } = attributes

export const args = {
  type: 'object',
  properties: {
    src: { type: 'string', minLength: 1, 'x-reads': 'file', description: 'A file beside the playbook.' },
    remote_src: { ...absolutePath, description: 'A file on the host.' },
    url: {
      type: 'string',
      pattern: '^(https?|ftp|file)://[^\\s]+$',
      description: 'An address from which the host fetches it.',
    },
    sha256: {
      type: 'string',
      pattern: '^[0-9a-fA-F]{64}$',
      description:
        'SHA-256 that it must have, in hexadecimal. With `url`: without, it is fetched once and never looked after.',
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[^\\n\\r]*$' },
      description: 'Headers of the request for `url`; the place for `Authorization`.',
    },
    dest: {
      ...absolutePath,
      description:
        'Directory into which it is unpacked; made if it is not there. What was unpacked is noted there in a file `.unpacked-NAME`.',
    },
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.+-]+$',
      default: 'archive',
      description: 'By what it is told from other archives that are unpacked into the same directory.',
    },
    creates: {
      ...absolutePath,
      description: 'A path that says, while it is there, that all is done: then nothing else is looked at.',
    },
    strip_components: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'How many directories are taken off the front of each name. Not for zip.',
    },
    exclude: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description: 'Names in the archive that are left out, as patterns of the shell.',
    },
    replace: {
      type: 'boolean',
      default: false,
      description: 'Whether the directory holds nothing else: the new one takes the place of the old one at once.',
    },
    owner: { ...owner, description: 'User that owns what is unpacked: a name or a uid. Default: who unpacks it.' },
    group: {
      ...group,
      description: 'Group that owns what is unpacked: a name or a gid. Default: that of who unpacks it.',
    },
  },
  required: ['dest'],
  oneOf: [{ required: ['src'] }, { required: ['remote_src'] }, { required: ['url'] }],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    dest: { type: 'string', description: 'The directory.' },
    sha256: {
      type: 'string',
      description: 'SHA-256 of what was unpacked, in hexadecimal; empty if `creates` said enough.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
