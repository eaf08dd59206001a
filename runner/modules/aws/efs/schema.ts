import type { ObjectSchema } from '../../module.ts'

export const summary = 'An NFS file system that many hosts share, with a mount target in each subnet'
export const key = ['name'] as const

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
      enum: ['elastic', 'bursting'],
      default: 'elastic',
      description: 'How its throughput is billed and limited.',
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
