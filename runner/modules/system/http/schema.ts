import type { ObjectSchema } from '../../module.ts'

export const summary = 'A request from the host: that an address answers as it should'

export const key = ['url', 'method', 'status', 'contains', 'timeout', 'follow_redirects', 'validate_certs'] as const

export const args = {
  type: 'object',
  properties: {
    url: { type: 'string', pattern: '^https?://[^\\s]+$', description: 'The address, as seen from the host.' },
    method: {
      enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      default: 'GET',
      description:
        'GET and HEAD only look: they are asked for a plan, too, and where the answer is as it should be there is nothing to do. The others are sent at each apply.',
    },
    status: {
      anyOf: [
        { type: 'integer', minimum: 100, maximum: 599 },
        { type: 'array', items: { type: 'integer', minimum: 100, maximum: 599 }, minItems: 1 },
      ],
      default: 200,
      description: 'The status that is right, or several.',
    },
    contains: { type: 'string', minLength: 1, description: 'A text that the answer must hold.' },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[^\\n\\r]*$' },
      description: 'Headers of the request; the place for `Authorization`.',
    },
    body: {
      type: ['string', 'object', 'array'],
      additionalProperties: true,
      description: 'What is sent: a text as it is; a map or list as JSON.',
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      maximum: 600,
      default: 30,
      description:
        'Seconds for one answer. For a plan never more than 5. To wait longer: `retries` and `delay` of the task.',
    },
    follow_redirects: { type: 'boolean', default: true, description: 'Whether it goes where the answer says.' },
    validate_certs: {
      type: 'boolean',
      default: true,
      description: 'Whether the certificate of the server must be right.',
    },
  },
  required: ['url'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    status: { type: 'integer', description: 'Status of the answer; 0 if there was none.' },
    content: { type: 'string', description: 'What the answer holds, up to a megabyte.' },
    json: { description: 'The same, if it is JSON; else null.' },
    content_type: { type: 'string', description: 'What kind of answer it says it is.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
