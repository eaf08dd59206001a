import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../../system/arguments.ts'

export const summary = 'A directory of an NFS server, mounted now and at every start'
export const key = ['path'] as const

/** What AWS recommends for EFS (docs.aws.amazon.com/efs/latest/ug/mounting-fs-nfs-mount-settings.html). */
export const recommended = 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport'

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
      pattern: '^[^\\s,]+(,[^\\s,]+)*$',
      default: recommended,
      description:
        'Options of the mount; the default is what AWS recommends for EFS. `_netdev` and `nofail` are added: a host starts also when the server is away.',
    },
    before: {
      type: 'array',
      items: { type: 'string', pattern: '^[A-Za-z0-9:_.@-]+$' },
      description: 'Services that at a start of the host wait until it is mounted, such as `docker`.',
    },
    tls: {
      type: 'boolean',
      default: false,
      description:
        'Whether the way to EFS is encrypted, by amazon-efs-utils, which neither Debian nor Ubuntu has: its package must be on the host or in a repository of yours.',
    },
    wait: {
      type: 'integer',
      minimum: 5,
      maximum: 900,
      default: 120,
      description: 'Seconds for the server’s name to be known, its port to answer, and the mount to be there.',
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
