import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../../system/arguments.ts'

export const summary = 'A login at a registry of container images, kept for the user who runs the task'
export const key = ['registry', 'config'] as const

export const args = {
  type: 'object',
  properties: {
    registry: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]*$',
      default: 'docker.io',
      description: 'The registry: `registry.example.com:5000`, `123456789012.dkr.ecr.us-east-1.amazonaws.com`.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether there is such a login.' },
    username: { type: 'string', minLength: 1, pattern: '^[^:\\n]+$', description: 'Name at the registry.' },
    password: {
      type: 'string',
      minLength: 1,
      description: 'Password or token: `!secret …`. It goes to Docker by its standard input.',
    },
    config: {
      ...absolutePath,
      description: 'Directory of Docker’s settings. Default: `.docker` in the home of the user.',
    },
    verify: {
      type: 'boolean',
      default: true,
      description: 'Whether the registry is asked if it accepts the login. Otherwise it is only written down.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { file: { type: 'string', description: 'The file in which it is kept.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
