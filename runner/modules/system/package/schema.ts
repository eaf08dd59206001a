import type { ObjectSchema } from '../../module.ts'

export const summary = 'Packages of the distribution (Debian and Ubuntu): that they are installed, or not'
export const key = ['name'] as const

const packageName = { type: 'string', pattern: '^[a-z0-9][a-z0-9+.-]*(:[a-z0-9]+)?(=[A-Za-z0-9.+:~-]+)?$' } as const

export const args = {
  type: 'object',
  properties: {
    name: {
      anyOf: [packageName, { type: 'array', items: packageName, minItems: 1 }],
      description: 'One package or a list; `name=version` wants that version.',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent', 'latest'],
      default: 'present',
      description: '`latest` also upgrades, to what the lists of the host know.',
    },
    purge: {
      type: 'boolean',
      default: false,
      description: 'With `state: absent`: whether settings go, too.',
    },
    autoremove: {
      type: 'boolean',
      default: false,
      description: 'When packages are taken away: whether those go that came only because of them.',
    },
    recommends: {
      type: 'boolean',
      default: false,
      description: 'Whether packages that are recommended come with new ones.',
    },
    hold: {
      type: 'boolean',
      description: 'Whether they stay at their version when all is upgraded. Default: left as it is.',
    },
    update_cache: {
      type: 'boolean',
      default: true,
      description: 'Whether the lists of packages are fetched when something is to be installed and they are old.',
    },
    cache_valid_time: {
      type: 'integer',
      minimum: 0,
      default: 3600,
      description: 'Seconds for which fetched lists count as new.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    versions: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Version of each package that is installed.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
