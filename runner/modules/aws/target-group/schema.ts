import type { ObjectSchema } from '../../module.ts'

export const summary = 'Machines that a load balancer sends requests to, and how it tells whether they are well'

export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$',
      description: 'Name, unique in account and region. A group that replaces another gets a suffix.',
    },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'Port that the machines listen on.' },
    protocol: {
      type: 'string',
      enum: ['HTTP', 'HTTPS', 'TCP', 'TLS'],
      default: 'HTTP',
      description: 'How the machines are spoken to; TCP and TLS behind a network load balancer.',
    },
    protocol_version: {
      type: 'string',
      enum: ['HTTP1', 'HTTP2', 'GRPC'],
      description: 'Version of HTTP (HTTP1). AWS cannot change it: another one means another group.',
    },
    vpc: { type: 'string', description: 'Id of the network.' },
    target_type: {
      type: 'string',
      enum: ['instance', 'ip', 'alb'],
      default: 'instance',
      description: 'Whether machines are named by instance or by address, or are an application load balancer.',
    },
    targets: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Ids, addresses or the ARN of what is in the group. Left as it is if not said: a scaling group registers its instances itself.',
    },
    health_check: {
      type: 'object',
      properties: {
        protocol: {
          type: 'string',
          enum: ['HTTP', 'HTTPS', 'TCP'],
          description: 'How it is asked; as requests are if not said.',
        },
        port: {
          type: ['integer', 'string'],
          pattern: '^(traffic-port|\\d+)$',
          minimum: 1,
          maximum: 65_535,
          description: 'Port that is asked; `traffic-port` is that of requests.',
        },
        path: { type: 'string', pattern: '^/', description: 'What is asked for.' },
        interval: { type: 'integer', minimum: 5, maximum: 300, description: 'Seconds between two checks.' },
        timeout: { type: 'integer', minimum: 2, maximum: 120, description: 'Seconds until no answer is a failure.' },
        healthy: { type: 'integer', minimum: 2, maximum: 10, description: 'Good answers in a row that make it well.' },
        unhealthy: { type: 'integer', minimum: 2, maximum: 10, description: 'Failures in a row that make it unwell.' },
        matcher: { type: 'string', description: 'Status codes that are good: `200`, `200,302` or `200-299`.' },
      },
      additionalProperties: false,
      description: 'How health is checked. What is left out is not managed.',
    },
    deregistration_delay: {
      type: 'integer',
      minimum: 0,
      maximum: 3600,
      description: 'Seconds that running requests have when a machine is taken out.',
    },
    slow_start: {
      type: 'integer',
      minimum: 0,
      maximum: 900,
      description: 'Seconds over which a new machine gets its full share: 0, or 30 and more.',
    },
    algorithm: {
      type: 'string',
      enum: ['round_robin', 'least_outstanding_requests', 'weighted_random'],
      description: 'Which machine gets the next request.',
    },
    stickiness: {
      type: 'integer',
      minimum: 0,
      maximum: 604800,
      description: "Seconds that a visitor stays with one machine, by the balancer's cookie. 0: he does not.",
    },
  },
  required: ['name', 'port', 'vpc'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    arn: { type: 'string', description: 'ARN of the group.' },
    name: { type: 'string', description: 'Name of the group, with its suffix if it has one.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
