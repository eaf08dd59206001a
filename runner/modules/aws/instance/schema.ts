import type { ObjectSchema } from '../../module.ts'

export const summary = 'A virtual machine, which joins a group of hosts as soon as it answers'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Name, kept in the tag Name; also the name of the host.',
    },
    group: { type: 'string', description: 'Group of hosts that it joins, for plays after this one.' },
    image: {
      type: 'string',
      pattern: '^(ami-|ssm:/|name:.)',
      description:
        'Image: an id, `ssm:/…` for a public parameter that names the newest one, or `name:…` for the newest whose name fits (`*`, `?`). It is looked up when the instance is made; a newer one is no reason to replace it.',
    },
    image_owner: {
      type: 'string',
      pattern: '^(self|amazon|aws-marketplace|\\d{12})$',
      default: 'self',
      description: 'Whose images `name:…` looks at; 099720109477 is Canonical.',
    },
    type: { type: 'string', description: 'Instance type. A change stops and starts it.' },
    key_name: { type: 'string', description: 'Name of a key pair.' },
    subnet: { type: 'string', description: 'Id of the subnet.' },
    security_groups: { type: 'array', items: { type: 'string' }, description: 'Ids of security groups.' },
    public_ip: { type: 'boolean', default: true, description: 'Whether it gets a public address.' },
    address: { type: 'string', enum: ['public', 'private'], default: 'public', description: 'Which address SSH uses.' },
    iam_profile: { type: 'string', description: 'Name of an instance profile.' },
    metadata_hops: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      description:
        'How far answers of the metadata service (always IMDSv2) go: 2 for containers. Left as it is if not said.',
    },
    user_data: {
      type: 'string',
      // “limited to 16 KB, in raw form, before it is base64-encoded” (EC2 User Guide, Run commands at launch)
      'x-bytes': 16_384,
      description: 'Script or cloud-config of the first start, at most 16 KB.',
    },
    root_volume: {
      type: 'object',
      properties: {
        size: { type: 'integer', minimum: 1, description: 'GiB.' },
        type: { type: 'string', enum: ['gp3', 'gp2', 'io1', 'io2'], default: 'gp3', description: 'Kind of volume.' },
      },
      additionalProperties: false,
      description: 'The root volume; it is always encrypted.',
    },
  },
  required: ['name', 'image', 'type'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Id of the instance.' },
    name: { type: 'string', description: 'Its name.' },
    image_id: { type: 'string', description: 'The image it was made from.' },
    private_ip: { type: 'string', description: 'Private address.' },
    public_ip: { type: 'string', description: 'Public address.', 'x-ready': true },
    public_dns: { type: 'string', description: 'Public host name.', 'x-ready': true },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
