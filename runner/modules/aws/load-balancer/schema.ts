import type { ObjectSchema } from '../../module.ts'

export const summary = 'A load balancer with its listeners: HTTP and HTTPS with rules, or TCP with fixed addresses'
export const key = ['name'] as const

const actions = {
  forward: { type: 'string', description: 'ARN of the target group that gets the requests.' },
  redirect: { type: 'string', enum: ['https'], description: 'Send visitors to the same page by HTTPS instead.' },
  fixed: {
    type: 'object',
    properties: {
      status: { type: 'integer', minimum: 200, maximum: 599, description: 'Status code.' },
      type: {
        type: 'string',
        enum: ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'],
        default: 'text/plain',
        description: 'Content type.',
      },
      text: { type: 'string', maxLength: 1024, description: 'What is answered.' },
    },
    required: ['status'],
    additionalProperties: false,
    description: 'Answer this.',
  },
} as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$',
      description: 'Name, at most 32 letters, digits and dashes.',
    },
    type: {
      type: 'string',
      enum: ['application', 'network'],
      default: 'application',
      description: '`application` for HTTP and HTTPS, `network` for TCP and TLS.',
    },
    subnets: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: 'Ids of subnets; an application load balancer needs them in at least two zones.',
    },
    addresses: {
      type: 'array',
      items: { type: 'string', pattern: '^eipalloc-' },
      description: 'Of a network load balancer: ids of Elastic IPs, one for each subnet in its order.',
    },
    security_groups: { type: 'array', items: { type: 'string' }, description: 'Ids of security groups.' },
    scheme: {
      type: 'string',
      enum: ['internet-facing', 'internal'],
      default: 'internet-facing',
      description: 'Whether it is reached from the Internet.',
    },
    ip_address_type: {
      type: 'string',
      enum: ['ipv4', 'dualstack'],
      description: 'Whether it has IPv6 addresses, too. Left as it is if not said; AWS begins with ipv4.',
    },
    idle_timeout: {
      type: 'integer',
      minimum: 1,
      maximum: 4000,
      description: 'Seconds without data after which a connection is closed.',
    },
    drop_invalid_headers: {
      type: 'boolean',
      default: true,
      description: 'Whether headers with names that HTTP does not allow are taken out. Of application load balancers.',
    },
    deletion_protection: {
      type: 'boolean',
      description: 'AWS refuses to delete it. Left as it is if not said.',
    },
    access_logs: {
      type: 'object',
      properties: {
        bucket: { type: 'string', description: 'Name of the S3 bucket, whose policy must let AWS write.' },
        prefix: { type: 'string', description: 'Folder in it.' },
      },
      required: ['bucket'],
      additionalProperties: false,
      description: 'Where each request is noted. Left as it is if not said.',
    },
    listeners: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Port.' },
          protocol: { type: 'string', enum: ['HTTP', 'HTTPS', 'TCP', 'TLS'], description: 'Protocol.' },
          certificate: { type: 'string', description: 'ARN of the certificate, for HTTPS and TLS.' },
          ssl_policy: {
            type: 'string',
            pattern: '^ELBSecurityPolicy-',
            default: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
            description: 'TLS versions and ciphers: 1.2 and 1.3 with keys that withstand quantum computers.',
          },
          default: {
            type: 'object',
            properties: actions,
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: false,
            description: 'What is done with requests that no rule is for.',
          },
          rules: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                hosts: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Host names; `*`, `?`.' },
                paths: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Paths; `*` and `?`.' },
                ...actions,
              },
              additionalProperties: false,
            },
            description: 'What is done with some hosts and paths. The first that fits counts; others are removed.',
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
