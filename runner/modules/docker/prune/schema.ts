import type { ObjectSchema } from '../../module.ts'

export const summary = 'What Docker has kept and nobody uses: taken away'
export const key = ['images', 'containers', 'networks', 'volumes', 'build_cache', 'older_than'] as const

export const args = {
  type: 'object',
  properties: {
    images: {
      enum: ['dangling', 'unused', 'none'],
      default: 'dangling',
      description: '`dangling`: images without a name. `unused`: all that no container uses.',
    },
    containers: { type: 'boolean', default: true, description: 'Containers that have ended.' },
    networks: { type: 'boolean', default: true, description: 'Networks that no container is in.' },
    volumes: {
      enum: ['anonymous', 'unused', 'none'],
      default: 'none',
      description:
        '`anonymous`: volumes without a name that no container uses. `unused`: named ones, too. What is in them is lost.',
    },
    build_cache: { type: 'boolean', default: false, description: 'What builds have left behind.' },
    older_than: {
      type: 'string',
      pattern: '^[1-9][0-9]*[hd]$',
      description: 'Only what was made so long ago: `24h`, `7d`. Volumes have no age that counts.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    reclaimed: { type: 'array', items: { type: 'string' }, description: 'What Docker says it took away, a line each.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
