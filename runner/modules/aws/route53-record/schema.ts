import type { ObjectSchema } from '../../module.ts'

export const summary = 'A DNS record in a hosted zone of Route 53: an alias of a load balancer, or values'
export const key = ['zone', 'name', 'type'] as const

export const args = {
  type: 'object',
  properties: {
    zone: { type: 'string', minLength: 1, description: 'Name of the hosted zone (`example.org`), or its id.' },
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description:
        'Name of the record, whole or inside the zone: `shop.example.org`, `shop`, `*.shop`; `@` is the zone.',
    },
    type: {
      type: 'string',
      enum: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'CAA', 'NS', 'PTR'],
      default: 'A',
      description: 'Type of the record.',
    },
    alias: {
      type: 'object',
      properties: {
        dns_name: { type: 'string', description: 'Host name of the load balancer.' },
        zone_id: { type: 'string', description: 'Hosted zone of that name: `zone_id` of aws.load_balancer.' },
        evaluate_health: {
          type: 'boolean',
          default: false,
          description: 'Whether the name is answered only while a target is healthy.',
        },
      },
      required: ['dns_name', 'zone_id'],
      additionalProperties: false,
      description: 'What the name stands for, instead of `values`. Its addresses are followed as they change.',
    },
    values: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: 'Values; texts of TXT records may be written without quotes.',
    },
    ttl: {
      type: 'integer',
      minimum: 0,
      maximum: 2_147_483_647,
      default: 300,
      description: 'Seconds that the values may be remembered. An alias has none.',
    },
  },
  required: ['zone', 'name'],
  oneOf: [{ required: ['alias'] }, { required: ['values'] }],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Whole name of the record, without a dot at its end.' },
    zone_id: { type: 'string', description: 'Id of the hosted zone.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
