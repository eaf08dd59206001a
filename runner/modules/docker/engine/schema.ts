import type { ObjectSchema } from '../../module.ts'

export const summary = 'Docker Engine with Compose, running, and who may use it (Debian and Ubuntu)'
export const key = [] as const

export const args = {
  type: 'object',
  properties: {
    source: {
      type: 'string',
      enum: ['distro', 'docker'],
      default: 'distro',
      description:
        'Whose packages: those of the distribution, or of Docker’s own repository, which is added with its key.',
    },
    users: {
      type: 'array',
      items: { type: 'string', pattern: '^[a-z_][a-z0-9_.-]*$' },
      default: [],
      description: 'Users who may use it, by the group docker. Whoever may is as mighty as root.',
    },
    daemon: {
      type: 'object',
      additionalProperties: true,
      description: 'Content of /etc/docker/daemon.json. A change restarts the daemon.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    version: { type: 'string', description: 'Version of the engine.' },
    compose: { type: 'string', description: 'Version of Compose.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
