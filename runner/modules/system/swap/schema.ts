import type { ObjectSchema } from '../../module.ts'
import { filePath } from '../arguments.ts'

export const summary = 'A swap file: that it is there, has its size, and is used now and at every start'
export const key = ['path'] as const

export const args = {
  type: 'object',
  properties: {
    path: { ...filePath, default: '/swapfile', description: 'The file.' },
    size: {
      type: 'string',
      pattern: '^[1-9][0-9]*(\\.[0-9]+)?[MG]$',
      description: 'Its size in megabytes or gigabytes (of 1024): `512M`, `2G`.',
    },
    priority: {
      type: 'integer',
      minimum: 0,
      maximum: 32_767,
      description: 'The higher, the earlier it is used. Default: the kernel decides.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether there is such a file.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The file.' },
    size_mb: { type: 'integer', description: 'Its size in megabytes; 0 if there is none.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
