import type { ObjectSchema } from '../../module.ts'

export const summary = 'An image of an instance, made anew when what it is made of changed'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9 ()./_-]{1,100}$',
      description: 'Name; the image itself is called `name-` and a digest of its content.',
    },
    instance: { type: 'string', description: 'Id of the instance it is made of. It is restarted for that.' },
    content: {
      type: 'object',
      additionalProperties: true,
      description: 'What is in the image, as a map of anything: another content makes another image.',
    },
    keep: {
      type: 'integer',
      minimum: 1,
      default: 3,
      description:
        'So many images are kept; older ones go, but none that an instance, a scaling group or a launch template still needs.',
    },
  },
  required: ['name', 'instance', 'content'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    // what is launched from an image that is still pending fails (EC2 API Reference: InvalidAMIID.Unavailable)
    id: { type: 'string', description: 'Id of the image, once it can be launched from.', 'x-ready': true },
    image_name: { type: 'string', description: 'Its full name, with the digest.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
