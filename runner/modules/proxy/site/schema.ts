import type { ObjectSchema } from '../../module.ts'

export const summary =
  'A site of nginx before an application or a load balancer, with a certificate by ACME that renews itself (Debian and Ubuntu)'
export const key = ['name'] as const

export const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory'

const hostName = '(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{2,63}$'

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: `^${hostName}`, description: 'Name of the site: `shop.example.org`.' },
    aliases: {
      type: 'array',
      items: { type: 'string', pattern: `^${hostName}` },
      default: [],
      description: 'More names of it; they stand in the certificate, too.',
    },
    upstream: {
      type: 'string',
      pattern: '^https?://[^/\\s;{}"\'$\\\\]+$',
      description:
        'Where requests go: `http://NAME` or `http://NAME:8080`. The name is asked for again as often as its DNS record says, so a load balancer’s changing addresses are followed.',
    },
    resolver: {
      type: 'array',
      items: { type: 'string', pattern: '^[0-9a-fA-F.:\\[\\]]+$' },
      minItems: 1,
      description: 'DNS servers that are asked for the upstream; default: those of the host’s /etc/resolv.conf.',
    },
    max_body: { type: 'string', pattern: '^[0-9]+[kmg]?$', default: '10m', description: 'Largest request body.' },
    timeout: { type: 'integer', minimum: 1, default: 60, description: 'Seconds that the upstream may be silent.' },
    certificate: {
      type: 'object',
      properties: {
        challenge: {
          type: 'string',
          enum: ['http-01', 'duckdns', 'none'],
          default: 'http-01',
          description:
            '`http-01`: the name must lead to this host, port 80. `duckdns`: by a DNS record (DNS-01) of a domain at DuckDNS. `none`: HTTP only.',
        },
        token: { type: 'string', description: 'Token of the account at DuckDNS; a secret.' },
        dns_wait: {
          type: 'integer',
          minimum: 0,
          default: 30,
          description: 'Seconds until a new DNS record is surely seen.',
        },
        email: {
          type: 'string',
          pattern: '^[^\\s"$`\\\\]+@[^\\s"$`\\\\]+$',
          description: 'Address that the issuer may write to.',
        },
        server: {
          type: 'string',
          pattern: '^https://[^\\s"$`\\\\]+$',
          default: letsEncrypt,
          description: 'Directory of the ACME server.',
        },
        ca_file: {
          type: 'string',
          pattern: '^/[A-Za-z0-9_./-]+$',
          description:
            'File on the host with the authority by which the ACME server itself is known, where the host does not know it.',
        },
      },
      additionalProperties: false,
      default: {},
      description: 'How the certificate is had. Using an issuer means to agree to its terms.',
    },
  },
  required: ['name', 'upstream'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    url: { type: 'string', description: 'Address of the site.' },
    expires: {
      type: 'integer',
      description: 'When the certificate ends, in seconds since 1970; it is renewed before.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
