import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../../system/arguments.ts'

export const summary = 'An image of Docker on the host: pulled, built, or loaded from a file'
export const key = [
  'name',
  'source',
  'context',
  'archive',
  'dockerfile',
  'target',
  'build_args',
  'update',
  'keep',
] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-z0-9]([A-Za-z0-9._/:-]*[A-Za-z0-9])?(@sha256:[0-9a-f]{64})?$',
      description:
        'Its name with a tag or a digest: `nginx:1.27`, `registry.example.com/app@sha256:…`. Without: `:latest`.',
    },
    source: {
      enum: ['pull', 'build', 'load'],
      default: 'pull',
      description:
        'Where it comes from: a registry, a directory with a Dockerfile on the host, or a file that `docker save` wrote.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be there.' },
    update: {
      type: 'boolean',
      default: false,
      description: 'With `pull` and a tag: whether the registry is asked each time if the tag means another image now.',
    },
    platform: {
      type: 'string',
      pattern: '^[a-z0-9/]+$',
      description: 'With `pull` and `build`: `linux/arm64`. Default: that of the host.',
    },
    context: {
      ...absolutePath,
      description:
        'With `build`: the directory. It is built again when anything in it (or these arguments) is another than when it was built.',
    },
    dockerfile: {
      type: 'string',
      pattern: '^[^/\\n][^\\n]*$',
      default: 'Dockerfile',
      description: 'With `build`: its name below the directory.',
    },
    target: { type: 'string', pattern: '^[A-Za-z0-9._-]+$', description: 'With `build`: the stage that is the image.' },
    build_args: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'With `build`: values for its `ARG`. They can be read in the image, so no secrets.',
    },
    pull_base: {
      type: 'boolean',
      default: false,
      description: 'With `build`: whether newer base images are fetched first.',
    },
    archive: { ...absolutePath, description: 'With `load`: the file.' },
    keep: {
      type: 'integer',
      minimum: 0,
      description: 'How many other images of the same name (older tags) stay; those in use always do. Default: all.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'The image itself: `sha256:…` of its configuration.' },
    digest: { type: 'string', description: 'What its registry names it by: `sha256:…`; empty if it never was in one.' },
    reference: {
      type: 'string',
      description: 'Name and digest, to mean just this one elsewhere; the name where there is no digest.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
