import type { ObjectSchema } from '../../module.ts'
import { filePath } from '../arguments.ts'

export const summary = 'A setting of the kernel, now and at every start'
export const key = ['name', 'file'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-z][A-Za-z0-9_*-]*([./][A-Za-z0-9_*.:-]+)+$',
      description: 'Name of the setting: `vm.swappiness`, `net/ipv4/conf/eth0.100/forwarding`.',
    },
    value: { type: ['string', 'integer'], pattern: '^[^\\n]+$', description: 'The value.' },
    state: {
      enum: ['present', 'absent'],
      default: 'present',
      description: '`absent`: no longer set at the start; what counts now stays until then.',
    },
    file: {
      ...filePath,
      description:
        'The file that sets it at the start; it belongs to this setting alone. Default: `/etc/sysctl.d/99-zz-` and the name, which counts after all others.',
    },
    live: {
      type: 'boolean',
      default: true,
      description: 'Whether it is set now, too.',
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { value: { type: 'string', description: 'What counts now; empty if the kernel does not tell.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
