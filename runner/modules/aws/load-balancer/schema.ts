import type { ObjectSchema } from '../../module.ts'

export const summary = 'An Application Load Balancer with its listeners'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$',
      description: 'Name, at most 32 letters, digits and dashes.',
    },
    subnets: {
      type: 'array',
      items: { type: 'string' },
      minItems: 2,
      description: 'Ids of subnets in at least two zones.',
    },
    security_groups: { type: 'array', items: { type: 'string' }, description: 'Ids of security groups.' },
    scheme: {
      type: 'string',
      enum: ['internet-facing', 'internal'],
      default: 'internet-facing',
      description: 'Whether it is reached from the Internet.',
    },
    idle_timeout: {
      type: 'integer',
      minimum: 1,
      maximum: 4000,
      description: 'Seconds without data after which a connection is closed.',
    },
    listeners: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Port.' },
          protocol: { type: 'string', enum: ['HTTP', 'HTTPS'], description: 'Protocol.' },
          certificate: { type: 'string', description: 'ARN of the certificate, for HTTPS.' },
          default: {
            type: 'object',
            properties: {
              forward: { type: 'string', description: 'ARN of the target group that gets the requests.' },
              redirect: { type: 'string', enum: ['https'], description: 'Send visitors to HTTPS instead.' },
            },
            additionalProperties: false,
            description: 'What is done with requests.',
          },
        },
        required: ['port', 'protocol', 'default'],
        additionalProperties: false,
      },
      description: 'Ports on which it listens. Others are closed.',
    },
  },
  required: ['name', 'subnets', 'listeners'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    arn: { type: 'string', description: 'Its ARN.' },
    name: { type: 'string', description: 'Its name.' },
    dns_name: { type: 'string', description: 'Host name by which it is reached.' },
    zone_id: { type: 'string', description: 'Hosted zone of that name, for an alias record.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
