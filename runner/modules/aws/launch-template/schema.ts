import type { ObjectSchema } from '../../module.ts'

export const summary = 'A launch template: how instances of a scaling group are made; each change is a new version'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[a-zA-Z0-9()./_-]{3,128}$', description: 'Name of the template.' },
    image: { type: 'string', pattern: '^ami-', description: 'Id of the image.' },
    type: { type: 'string', description: 'Instance type.' },
    key_name: { type: 'string', description: 'Name of a key pair.' },
    security_groups: { type: 'array', items: { type: 'string' }, description: 'Ids of security groups.' },
    iam_profile: { type: 'string', description: 'Name of an instance profile.' },
    user_data: {
      type: 'string',
      // “limited to 16 KB, in raw form, before it is base64-encoded” (EC2 User Guide, Run commands at launch)
      'x-bytes': 16_384,
      description:
        'Script or cloud-config of the first start, at most 16 KB. No secrets: whoever is on the instance can read it.',
    },
    root_volume: {
      type: 'object',
      properties: {
        size: { type: 'integer', minimum: 1, description: 'GiB.' },
        type: { type: 'string', enum: ['gp3', 'gp2', 'io1', 'io2'], default: 'gp3', description: 'Kind of volume.' },
      },
      required: ['size'],
      additionalProperties: false,
      description: 'The root volume, encrypted. As in the image if not said.',
    },
    metadata_hops: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      default: 1,
      description: 'How far answers of the metadata service (always IMDSv2) go: 2 for containers.',
    },
    keep: {
      type: 'integer',
      minimum: 1,
      default: 10,
      description:
        'So many versions are kept; older ones go with the next change, but none that a scaling group or an instance still uses.',
    },
    tags: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'More tags of instances and volumes.',
    },
  },
  required: ['name', 'image', 'type'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Id of the template.' },
    name: { type: 'string', description: 'Its name.' },
    version: { type: 'integer', description: 'Number of its newest version.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
