import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../../system/arguments.ts'

export const summary = 'A working copy of a Git repository at a branch, tag or commit'
export const key = ['repo', 'dest', 'version'] as const

export const args = {
  type: 'object',
  properties: {
    repo: {
      type: 'string',
      minLength: 1,
      pattern: '^[^-]',
      description:
        'Address of the repository, as git takes it. A user and password in it are given to git apart from it, and not kept on the host.',
    },
    dest: { ...absolutePath, description: 'Directory of the working copy.' },
    version: {
      type: 'string',
      pattern: '^[^-]',
      default: 'HEAD',
      description: 'Branch, tag or full commit id; a branch is followed.',
    },
    depth: { type: 'integer', minimum: 1, description: 'Only so many commits are fetched.' },
    force: { type: 'boolean', default: false, description: 'Whether changes made on the host are thrown away.' },
    owner: {
      type: 'string',
      pattern: '^[a-z_][a-z0-9_.-]*$',
      description:
        'User whose files they are, and as whom git runs (with his keys). Default: whoever owns the directory, else the user of the task.',
    },
  },
  required: ['repo', 'dest'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    before: { type: 'string', description: 'Commit that was there; empty when there was none.' },
    after: { type: 'string', description: 'Commit that is there.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
