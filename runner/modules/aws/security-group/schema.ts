import type { ObjectSchema } from '../../module.ts'

export const summary = 'A security group: which traffic may reach the things in it'
export const key = ['name', 'vpc'] as const

const rule = {
  type: 'object',
  properties: {
    protocol: {
      type: 'string',
      enum: ['tcp', 'udp', 'icmp', 'icmpv6', 'all'],
      default: 'tcp',
      description: 'Protocol.',
    },
    port: {
      type: ['integer', 'string'],
      pattern: '^\\d+(-\\d+)?$',
      minimum: 0,
      maximum: 65_535,
      description: 'A port, or a range as `8000-8010`; of ICMP a type, or type and code as `3-4`. All if not said.',
    },
    cidr: { type: 'string', pattern: '^[0-9a-fA-F.:]+/\\d+$', description: 'Addresses, IPv4 or IPv6.' },
    group: {
      type: 'string',
      pattern: '^(sg-|self$)',
      description: 'Id of a security group: whatever is in it. `self`: of this one.',
    },
    prefix_list: { type: 'string', pattern: '^pl-', description: 'Id of a prefix list.' },
    description: { type: 'string', maxLength: 255, description: 'What the rule is for.' },
  },
  additionalProperties: false,
} as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255, description: 'Name of the group, unique in its VPC.' },
    description: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      default: 'Managed by runner',
      description: 'What it is for. AWS cannot change it: another description means another group.',
    },
    vpc: { type: 'string', description: 'Id of the VPC.' },
    ingress: {
      type: 'array',
      items: rule,
      default: [],
      description: 'What may come in. Rules that are not listed are revoked.',
    },
    egress: {
      type: 'array',
      items: rule,
      description: 'What may go out. Left as it is if not said; AWS lets all out of a new group.',
    },
    tags: { type: 'object', additionalProperties: { type: 'string' }, description: 'More tags.' },
  },
  required: ['name', 'vpc'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Id of the group.' },
    name: { type: 'string', description: 'Its name.' },
    arn: { type: 'string', description: 'Its ARN.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
