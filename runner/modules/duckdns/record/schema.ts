import type { ObjectSchema } from '../../module.ts'

export const summary = 'The records of a DuckDNS domain: its addresses and its text'
export const key = ['domain'] as const

export const args = {
  type: 'object',
  properties: {
    domain: {
      type: 'string',
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.duckdns\\.org)?$',
      description: 'The domain, with or without `.duckdns.org`. It is registered on the web site beforehand.',
    },
    token: { type: 'string', description: 'Token of the account, as a secret: `!secret env:DUCKDNS_TOKEN`.' },
    ipv4: { type: 'string', pattern: '^\\d+(\\.\\d+){3}$', description: 'IPv4 address (record A).' },
    ipv6: { type: 'string', pattern: '^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$', description: 'IPv6 address (record AAAA).' },
    txt: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Text (record TXT), such as proves a domain to ACME.',
    },
    resolver: {
      type: 'string',
      description: 'Name server that is asked what is there, as `ip` or `ip:port`; those of this machine if not said.',
    },
    endpoint: {
      type: 'string',
      pattern: '^(https://|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?(/|$))',
      default: 'https://www.duckdns.org',
      description: 'Where its HTTPS API is.',
    },
  },
  required: ['domain', 'token'],
  anyOf: [{ required: ['ipv4'] }, { required: ['ipv6'] }, { required: ['txt'] }],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { name: { type: 'string', description: 'Whole name of the domain.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
