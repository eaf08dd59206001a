import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../../system/arguments.ts'

export const summary = 'A Compose project: its services are up, healthy and as its files say'
export const key = ['project', 'dir'] as const

export const args = {
  type: 'object',
  properties: {
    project: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$', description: 'Name of the project.' },
    dir: { ...absolutePath, description: 'Directory on the host that holds its files.' },
    files: {
      type: 'array',
      items: { type: 'string' },
      description: 'Compose files in that directory; Compose’s own default if not said.',
    },
    env: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Variables that the files refer to.',
    },
    build: {
      type: 'string',
      enum: ['auto', 'always', 'never'],
      default: 'auto',
      description: '`auto` builds an image when what it is built from changed; `always` at every change.',
    },
    pull: {
      type: 'string',
      enum: ['missing', 'always', 'never'],
      default: 'missing',
      description: 'Which images are pulled when it is brought up; `always` those, too, that are there.',
    },
    remove_orphans: {
      type: 'boolean',
      default: true,
      description: 'Whether containers of services that are gone are removed.',
    },
    wait: { type: 'integer', minimum: 1, default: 300, description: 'Seconds until all must be up and healthy.' },
  },
  required: ['project', 'dir'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    services: { type: 'array', items: { type: 'string' }, description: 'Names of the services.' },
    images: { type: 'array', items: { type: 'string' }, description: 'Ids of the images that run.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
