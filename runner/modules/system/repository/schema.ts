import type { ObjectSchema } from '../../module.ts'

export const summary = 'A package archive for apt (Debian and Ubuntu), with the key that signs it'
export const key = ['name'] as const

const word = { type: 'string', pattern: '^[^\\s]+$' } as const
const words = (description: string) =>
  ({ anyOf: [word, { type: 'array', items: word, minItems: 1 }], description }) as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.+-]*$',
      description: 'Name of its files: `/etc/apt/sources.list.d/NAME.sources` and `/etc/apt/keyrings/NAME.asc`.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the archive is used.' },
    uris: words('Where it is: `https://download.docker.com/linux/debian`.'),
    suites: words('Its suites: `bookworm`, or a directory that ends with `/`.'),
    components: words('Its components: `main`. None for a suite that is a directory.'),
    types: {
      type: 'array',
      items: { enum: ['deb', 'deb-src'] },
      minItems: 1,
      default: ['deb'],
      description: 'Packages, sources, or both.',
    },
    architectures: words('Only these architectures: `amd64`. Default: those of the host.'),
    key: {
      type: 'string',
      pattern: 'BEGIN PGP PUBLIC KEY BLOCK',
      description: 'The public key that signs it, as text.',
    },
    key_file: {
      type: 'string',
      minLength: 1,
      'x-reads': 'file',
      description: 'A file beside the playbook with that key.',
    },
    key_url: {
      type: 'string',
      pattern: '^(https?|file)://[^\\s]+$',
      description: 'From where the host fetches that key; needs `fingerprint`.',
    },
    fingerprint: {
      anyOf: [
        { type: 'string', pattern: '^[0-9A-Fa-f ]{40,60}$' },
        { type: 'array', items: { type: 'string', pattern: '^[0-9A-Fa-f ]{40,60}$' }, minItems: 1 },
      ],
      description: 'Fingerprint of the key, as its owner publishes it. A key with another one is refused.',
    },
    enabled: { type: 'boolean', default: true, description: 'Whether apt uses it.' },
    options: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[^\\n]+$' },
      description: 'More fields of sources.list(5): `{ Check-Valid-Until: "no" }`.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    file: { type: 'string', description: 'The file that names it to apt.' },
    fingerprints: { type: 'array', items: { type: 'string' }, description: 'Fingerprints of the keys that sign it.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
