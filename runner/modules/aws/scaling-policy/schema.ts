import type { ObjectSchema } from '../../module.ts'

export const summary = 'A policy that keeps the average CPU load of a scaling group at a target'
export const key = ['name', 'group'] as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255, description: 'Name of the policy.' },
    group: { type: 'string', description: 'Name of the scaling group.' },
    target_cpu: {
      type: 'number',
      minimum: 1,
      maximum: 100,
      description: 'Average CPU load in percent that is aimed at.',
    },
    warmup: { type: 'integer', minimum: 0, description: 'Seconds until the load of a new instance counts.' },
    scale_in: { type: 'boolean', default: true, description: 'Whether instances are taken away again.' },
  },
  required: ['name', 'group', 'target_cpu'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    arn: { type: 'string', description: 'Its ARN.' },
    name: { type: 'string', description: 'Its name.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
