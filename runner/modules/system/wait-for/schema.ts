import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../arguments.ts'

export const summary = 'Waits on the host until a port answers or a file is there, or until they are not'

export const key = ['host', 'port', 'path', 'state', 'search_regex'] as const

export const args = {
  type: 'object',
  properties: {
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'TCP port.' },
    host: { type: 'string', minLength: 1, default: '127.0.0.1', description: 'Whose port, as seen from the host.' },
    path: { ...absolutePath, description: 'File on the host.' },
    state: {
      enum: ['started', 'present', 'stopped', 'absent'],
      default: 'started',
      description: '`started` and `present`: it answers, or is there. `stopped` and `absent`: it does not, or is not.',
    },
    search_regex: {
      type: 'string',
      minLength: 1,
      description:
        'What the file has to hold, or what the port has to say by itself: an extended regular expression of POSIX.',
    },
    timeout: {
      type: 'integer',
      minimum: 0,
      maximum: 7000,
      default: 300,
      description: 'Seconds after which waiting has failed.',
    },
    delay: { type: 'integer', minimum: 0, default: 0, description: 'Seconds to wait before the second look.' },
    sleep: { type: 'number', exclusiveMinimum: 0, default: 1, description: 'Seconds between two looks.' },
    connect_timeout: { type: 'integer', minimum: 1, default: 5, description: 'Seconds for one look at a port.' },
    msg: { type: 'string', description: 'Said instead of the usual sentence when it has failed.' },
  },
  oneOf: [{ required: ['port'] }, { required: ['path'] }],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    elapsed: { type: 'integer', description: 'Seconds that it took; 0 when there was nothing to wait for.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
