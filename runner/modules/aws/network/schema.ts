import type { ObjectSchema } from '../../module.ts'

export const summary =
  'A network: an existing VPC looked up, or one made with subnets, routes and gateways in several zones'
export const key = ['name', 'cidr', 'vpc'] as const

export const args = {
  type: 'object',
  properties: {
    vpc: {
      type: 'string',
      default: 'default',
      description:
        'Of a network that is looked up and never changed: `default`, an id (`vpc-…`) or the Name tag of its VPC.',
    },
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'Of a network that is made: its name, kept in the tag Name; its parts are named after it.',
    },
    cidr: {
      type: 'string',
      pattern: '^\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}/(1[6-9]|2[0-7])$',
      description:
        'With it the network is made: its addresses, `10.0.0.0/16`, cut into subnets of a sixteenth each (at least /28). AWS cannot change it.',
    },
    zones: {
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'array', items: { type: 'string' }, minItems: 1 },
      ],
      default: 2,
      description:
        'In how many availability zones subnets are wanted, or in which. A network that is made keeps those it has.',
    },
    private: {
      type: 'boolean',
      default: true,
      description: 'Whether a network that is made has private subnets beside the public ones.',
    },
    nat: {
      type: 'string',
      enum: ['none', 'one', 'per_zone'],
      default: 'none',
      description:
        'NAT gateways by which the private subnets of a network that is made reach the Internet: none, one for all, or one in each zone.',
    },
    dns_hostnames: {
      type: 'boolean',
      default: true,
      description: 'Whether what is in a network that is made gets host names; file systems are mounted by them.',
    },
    s3_endpoint: {
      type: 'boolean',
      default: false,
      description: 'Whether a network that is made reaches S3 by a gateway endpoint, without NAT and at no cost.',
    },
    tags: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'More tags of a network that is made, on all its parts.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    vpc_id: { type: 'string', description: 'Id of the VPC.' },
    cidr: { type: 'string', description: 'Its addresses.' },
    zones: { type: 'array', items: { type: 'string' }, description: 'Names of the availability zones of the subnets.' },
    public_subnets: {
      type: 'array',
      items: { type: 'string' },
      description: 'Ids of subnets that lead to the Internet, one a zone.',
    },
    private_subnets: {
      type: 'array',
      items: { type: 'string' },
      description: 'Ids of the other subnets, one a zone; where there are none, as in a default VPC, the public ones.',
    },
    nat_addresses: {
      type: 'array',
      items: { type: 'string' },
      'x-ready': true,
      description: 'Public addresses from which the private subnets of a network that was made reach the Internet.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
