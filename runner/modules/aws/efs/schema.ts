import type { ObjectSchema } from '../../module.ts'

export const summary = 'An NFS file system that many hosts share, with a mount target in each subnet'
export const key = ['name'] as const

const days = [
  'after_1_day',
  'after_7_days',
  'after_14_days',
  'after_30_days',
  'after_60_days',
  'after_90_days',
  'after_180_days',
  'after_270_days',
  'after_365_days',
] as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 128, description: 'Name, kept in the tag Name.' },
    subnets: {
      type: 'array',
      items: { type: 'string' },
      description: 'Ids of subnets, at most one a zone, from which it can be mounted.',
    },
    security_groups: {
      type: 'array',
      items: { type: 'string' },
      description: 'Ids of the security groups of the mount targets.',
    },
    encrypted: { type: 'boolean', default: true, description: 'Whether it is encrypted at rest.' },
    throughput: {
      type: 'string',
      enum: ['elastic', 'bursting', 'provisioned'],
      default: 'elastic',
      description: 'How its throughput is billed and limited. AWS lets it be lowered once a day.',
    },
    provisioned_mibps: {
      type: 'number',
      minimum: 1,
      description: 'MiB a second that are paid for, with throughput: provisioned.',
    },
    lifecycle: {
      type: 'object',
      properties: {
        infrequent_access: {
          type: 'string',
          enum: days,
          description: 'When what is not read moves to cheaper storage.',
        },
        archive: { type: 'string', enum: days, description: 'When it moves to the cheapest.' },
        back: { type: 'string', enum: ['after_1_access'], description: 'Back as soon as it is read.' },
      },
      additionalProperties: false,
      description: 'Where files go that nobody reads; `{}` for nowhere. Left as it is if not said.',
    },
    backup: {
      type: 'boolean',
      description: 'Whether AWS Backup keeps a copy of each day for 35 days. Left as it is if not said.',
    },
    performance: {
      type: 'string',
      enum: ['generalPurpose', 'maxIO'],
      default: 'generalPurpose',
      description: 'Performance mode.',
    },
  },
  required: ['name', 'subnets'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Id of the file system.' },
    arn: { type: 'string', description: 'Its ARN.' },
    name: { type: 'string', description: 'Its name.' },
    dns_name: { type: 'string', description: 'Host name by which it is mounted.', 'x-ready': true },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
