import type { ObjectSchema } from '../../module.ts'

export const summary = 'What instances may do in AWS: a role with its policies, and the profile that hands it to them'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[\\w+=,.@-]{1,64}$',
      description: 'Name of the role and of the profile, unique in the account.',
    },
    path: {
      type: 'string',
      pattern: '^/([!-~]+/)?$',
      default: '/runner/',
      description: 'IAM path of both. AWS cannot change it: another path means another role.',
    },
    policy: {
      type: 'object',
      properties: {
        Version: { type: 'string', enum: ['2012-10-17', '2008-10-17'], description: 'Version of the policy language.' },
        Statement: {
          type: 'array',
          minItems: 1,
          items: { type: 'object', additionalProperties: true },
          description: 'Statements, as IAM writes them: Effect, Action, Resource, Condition.',
        },
      },
      required: ['Statement'],
      additionalProperties: true,
      description: 'Policy document of the role. Other inline policies are removed.',
    },
    managed_policies: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description: 'ARNs of managed policies, or names of those that AWS keeps: `AmazonSSMManagedInstanceCore`.',
    },
    permissions_boundary: {
      type: 'string',
      pattern: '^arn:',
      description: 'ARN of the policy that limits what the role can ever be allowed.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Name of the profile, for `iam_profile`.' },
    arn: { type: 'string', description: 'ARN of the profile.' },
    role_arn: { type: 'string', description: 'ARN of the role.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
