import type { ObjectSchema } from '../../module.ts'

export const summary = 'Looks up a VPC and its subnets, public and private, one for each of a number of zones'
export const key = ['vpc'] as const

export const args = {
  type: 'object',
  properties: {
    vpc: { type: 'string', default: 'default', description: '`default`, an id (`vpc-…`) or the Name tag of a VPC.' },
    zones: {
      type: 'integer',
      minimum: 1,
      default: 2,
      description: 'In how many availability zones subnets are wanted; fewer than there are is fine.',
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
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
