import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../arguments.ts'

export const summary = 'A file system: that it is mounted, now and at every start'
export const key = ['path', 'src'] as const

export const args = {
  type: 'object',
  properties: {
    path: { ...absolutePath, description: 'Where it is mounted; made if it is not there.' },
    src: {
      type: 'string',
      minLength: 1,
      description:
        'What is mounted: a device, `UUID=…`, `LABEL=…`, a directory (with `opts: bind`) or a name (`tmpfs`).',
    },
    fstype: {
      type: 'string',
      pattern: '^[A-Za-z0-9._,-]+$',
      description: 'Kind of file system: `ext4`, `tmpfs`, `none` for `bind`.',
    },
    opts: {
      type: 'string',
      pattern: '^[^\\s]+$',
      default: 'defaults',
      description: 'Options, as mount(8) knows them, with commas between: `noatime,nofail`.',
    },
    dump: { type: 'integer', minimum: 0, default: 0, description: 'Fifth column of /etc/fstab.' },
    passno: {
      type: 'integer',
      minimum: 0,
      maximum: 2,
      default: 0,
      description: 'Sixth column: in which order it is checked at the start; 0: not at all.',
    },
    state: {
      enum: ['mounted', 'present', 'unmounted', 'absent'],
      default: 'mounted',
      description:
        '`mounted`: now and at every start. `present`: only at the start. `unmounted`: not now, whatever /etc/fstab says. `absent`: neither.',
    },
  },
  required: ['path'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'Where it is mounted.' },
    src: { type: 'string', description: 'What is mounted there; empty if nothing is.' },
    opts: { type: 'string', description: 'The options that count now, as the kernel writes them.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
