import type { ObjectSchema } from '../../module.ts'
import { args as copyArgs } from '../copy/schema.ts'

export const summary = 'A file that the host fetches from an address'
export const key = ['dest', 'url', 'checksum', 'refresh'] as const

const { dest, owner, group, mode, validate, backup } = copyArgs.properties

export const args = {
  type: 'object',
  properties: {
    url: { type: 'string', pattern: '^(https?|ftp|file)://[^\\s]+$', description: 'From where.' },
    dest,
    checksum: {
      type: 'string',
      pattern: '^(sha256|sha512|sha1|md5):[0-9A-Fa-f]{32,128}$',
      description:
        'What the file must hold: `sha256:` and the digest in hexadecimal. A file with another one is fetched anew, and refused if it still has another one.',
    },
    refresh: {
      type: 'boolean',
      default: false,
      description:
        'Without `checksum`: whether the server is asked each time if it has another one (by ETag, time and size). Default: a file that is there is taken as it is.',
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[^\\n\\r]*$' },
      description: 'Headers of the request; the place for `Authorization`.',
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      maximum: 1500,
      default: 600,
      description: 'Seconds after which it is given up.',
    },
    owner,
    group,
    mode,
    validate,
    backup,
  },
  required: ['url', 'dest'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    dest: { type: 'string', description: 'The name of the file.' },
    sha256: { type: 'string', description: 'SHA-256 of what it holds, in hexadecimal.' },
    size: { type: 'integer', description: 'Bytes.' },
    backup_file: { type: 'string', description: 'Where the file that was replaced is kept; empty if nothing was.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
