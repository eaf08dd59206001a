import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../../system/arguments.ts'

export const summary =
  'A command that is to run once for each release, however many hosts or starts ask for it at the same time'
export const key = ['name', 'release', 'folder', 'chdir'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
      description: 'What the job is called: `migrate`.',
    },
    release: {
      type: ['string', 'integer'],
      minLength: 1,
      pattern: '^[^\\n\\u0000]+$',
      description: 'For what it is to run once: a version, a commit, a digest. Another one, and it runs again.',
    },
    argv: {
      'x-argv': true,
      type: 'array',
      items: { type: ['string', 'number'] },
      minItems: 1,
      description: 'The program and its words, each as it is.',
    },
    cmd: {
      'x-argv': true,
      type: 'string',
      minLength: 1,
      description: 'The same as a text, which is split at spaces that are not quoted.',
    },
    shell: { type: 'string', minLength: 1, 'x-argv': true, description: 'Instead: a text for /bin/sh.' },
    chdir: { ...absolutePath, description: 'Directory in which it runs.' },
    stdin: { type: 'string', description: 'What it reads; the place for secrets.' },
    folder: {
      ...absolutePath,
      default: '/var/lib/runner/jobs',
      description:
        'Where it is noted what ran, and where the lock lies. Each host has its own: on one that all hosts share (`nfs.mount`) the job runs once for all of them.',
    },
    lock_wait: {
      type: 'integer',
      minimum: 0,
      maximum: 3600,
      default: 600,
      description: 'Seconds to wait for somebody else who is running the same job.',
    },
    keep: {
      type: 'integer',
      minimum: 1,
      default: 10,
      description: 'Of how many releases it is remembered that it ran.',
    },
  },
  required: ['name', 'release'],
  oneOf: [{ required: ['argv'] }, { required: ['cmd'] }, { required: ['shell'] }],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    stdout: { type: 'string', description: 'What it printed when it ran, this time or before; the last 64 kilobytes.' },
    stderr: { type: 'string', description: 'What it printed as errors when it ran; the last 64 kilobytes.' },
    ran_at: { type: 'string', description: 'When it ran: `2024-05-01T10:00:00Z`.' },
    ran_on: { type: 'string', description: 'On which host.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
