import type { ObjectSchema } from '../../module.ts'

export const summary =
  'A host made ready for an image of it to be taken: nothing that belongs to this one alone is left'
export const key = ['logs', 'ssh_host_keys', 'machine_id', 'histories', 'package_cache', 'authorized_keys'] as const

export const args = {
  type: 'object',
  properties: {
    logs: { type: 'boolean', default: true, description: 'Whether the logs of cloud-init go, too.' },
    ssh_host_keys: {
      type: 'boolean',
      default: true,
      description:
        'Whether the host’s SSH keys go: else all made from the image would have the same, and whoever has the image could be them. Who is logged in stays so, but nobody can log in any more before the next start makes new ones.',
    },
    machine_id: {
      type: 'boolean',
      default: true,
      description: 'Whether /etc/machine-id is emptied, to be made anew (machine-id(5)).',
    },
    histories: { type: 'boolean', default: true, description: 'Whether what was typed into shells is forgotten.' },
    package_cache: { type: 'boolean', default: true, description: 'Whether fetched packages go (`apt-get clean`).' },
    authorized_keys: {
      type: 'boolean',
      default: false,
      description: 'Whether the keys with which one may log in go; cloud-init writes those of the new instance.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {},
  additionalProperties: false,
} as const satisfies ObjectSchema
