import type { ObjectSchema } from '../../module.ts'

export const summary = 'A certificate for a load balancer: asked of AWS, or one of your own brought in'
export const key = ['name'] as const

const name = {
  type: 'string',
  pattern: '^(\\*\\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9-]{1,62}[A-Za-z0-9]\\.?$',
} as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255, description: 'Name, kept in the tag Name.' },
    domain: { ...name, description: 'Domain that it is for, when AWS is to issue it; `*.` stands for any label.' },
    alternatives: { type: 'array', items: name, maxItems: 99, description: 'More domains that it is for.' },
    zone: {
      type: 'string',
      description:
        'Hosted zone of Route 53 in which the record is made that proves the domain is yours. Without it the record is said, and you make it.',
    },
    key_algorithm: {
      type: 'string',
      enum: ['RSA_2048', 'EC_prime256v1', 'EC_secp384r1'],
      description: 'Kind of key of an issued certificate (RSA_2048); another one means another certificate.',
    },
    certificate: {
      type: 'string',
      description: 'PEM of your own certificate, to be brought in; what follows the first block is its chain.',
    },
    certificate_file: {
      type: 'string',
      'x-reads': 'file',
      description: 'The same as a file, such as `fullchain.pem`, relative to the playbook.',
    },
    private_key: { type: 'string', description: 'PEM of its key, as a secret: `!secret file:privkey.pem`.' },
    chain: { type: 'string', description: 'PEM of the certificates between it and the root, if not in the same text.' },
    warn_days: {
      type: 'integer',
      minimum: 0,
      default: 30,
      description: 'So many days before its end the plan warns of one that is not renewed by itself.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    arn: {
      type: 'string',
      description: 'Its ARN, which a renewal keeps; there once it is issued, as listeners need it.',
      'x-ready': true,
    },
    expires: { type: 'string', description: 'When it ends, as `2026-12-31`.', 'x-ready': true },
    validation: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, type: { type: 'string' }, value: { type: 'string' } },
      },
      description: 'Records that prove the domains are yours.',
      'x-ready': true,
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
