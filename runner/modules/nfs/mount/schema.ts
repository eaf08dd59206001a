import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../../system/arguments.ts'

export const summary = 'A directory of an NFS server, mounted now and at every start'
export const key = ['path'] as const

export const args = {
  type: 'object',
  properties: {
    src: {
      type: 'string',
      pattern: '^[^\\s:]+:/[^\\s]*$',
      description: 'Server and directory: `fs-1.efs.us-east-1.amazonaws.com:/`.',
    },
    path: { ...absolutePath, description: 'Where it is mounted; made if it is not there.' },
    options: {
      type: 'string',
      pattern: '^[^\\s]+$',
      default: 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev',
      description: 'Options of the mount; the default is what AWS recommends for EFS.',
    },
    state: {
      type: 'string',
      enum: ['mounted', 'present', 'absent'],
      default: 'mounted',
      description: '`present`: only at the next start; `absent`: neither now nor then.',
    },
  },
  required: ['src', 'path'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: { path: { type: 'string', description: 'Where it is mounted.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema
