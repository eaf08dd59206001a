import type { ObjectSchema } from '../../module.ts'

export const summary = 'A MySQL cluster with one writer and readers, in several zones'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-zA-Z][a-zA-Z0-9-]{0,62}$',
      description: 'Identifier of the cluster; AWS keeps it in lower case.',
    },
    engine: {
      type: 'string',
      enum: ['mysql', 'postgres', 'aurora-mysql', 'aurora-postgresql'],
      default: 'mysql',
      description: 'Kind of database.',
    },
    version: { type: 'string', description: 'Version; `8.4` is any 8.4.x, which AWS keeps up to date.' },
    topology: {
      type: 'string',
      enum: ['multi_az', 'aurora'],
      default: 'multi_az',
      description:
        '`multi_az`: one writer and two readable standbys in three zones; `aurora`: one writer and `readers`.',
    },
    readers: { type: 'integer', minimum: 0, maximum: 15, default: 1, description: 'Readers of an Aurora cluster.' },
    reader_scaling: {
      type: 'object',
      properties: {
        min: { type: 'integer', minimum: 1, maximum: 15, description: 'There are never fewer readers.' },
        max: { type: 'integer', minimum: 1, maximum: 15, description: 'There are never more readers.' },
        target_cpu: {
          type: 'number',
          minimum: 1,
          maximum: 100,
          default: 60,
          description: 'Their CPU load in percent.',
        },
      },
      required: ['min', 'max'],
      additionalProperties: false,
      description: 'Lets AWS decide how many readers an Aurora cluster has. `readers` are those at the start, then.',
    },
    class: {
      type: 'string',
      pattern: '^db\\.',
      description:
        'Instance class. Multi-AZ clusters need a class with local disks, such as db.c6gd.medium; `db.serverless` is of Aurora.',
    },
    serverless: {
      type: 'object',
      properties: {
        min: { type: 'number', minimum: 0, maximum: 256, description: 'Least capacity units; 0 lets it pause.' },
        max: { type: 'number', minimum: 1, maximum: 256, description: 'Most capacity units (2 GiB of memory each).' },
      },
      required: ['min', 'max'],
      additionalProperties: false,
      description: 'Of Aurora with class db.serverless: between which sizes it moves.',
    },
    storage: {
      type: 'object',
      properties: {
        size: { type: 'integer', minimum: 20, description: 'GiB; it can only grow.' },
        type: { type: 'string', enum: ['gp3', 'io1', 'io2'], default: 'gp3', description: 'Kind of storage.' },
        iops: { type: 'integer', minimum: 1000, description: 'Operations a second; needed for io1 and io2.' },
      },
      required: ['size'],
      additionalProperties: false,
      description: 'Storage of a Multi-AZ cluster.',
    },
    subnet_group: { type: 'string', description: 'Name of a DB subnet group.' },
    security_groups: { type: 'array', items: { type: 'string' }, description: 'Ids of security groups.' },
    username: {
      type: 'string',
      minLength: 1,
      maxLength: 16,
      description: 'Name of the first user. Its password is made and kept by AWS in Secrets Manager.',
    },
    database: { type: 'string', description: 'A database made at the start.' },
    backup_days: { type: 'integer', minimum: 1, maximum: 35, default: 7, description: 'How long backups are kept.' },
    backup_window: { type: 'string', description: 'When backups are made, in UTC: `02:00-02:30`.' },
    maintenance_window: { type: 'string', description: 'When AWS may restart it: `mon:03:00-mon:04:00`, in UTC.' },
    require_tls: {
      type: 'boolean',
      default: true,
      description: 'Refuse connections that are not encrypted, by a parameter group of its own.',
    },
    apply_immediately: {
      type: 'boolean',
      default: true,
      description: 'false: what interrupts the service waits for the maintenance window, and the plan says so.',
    },
    deletion_protection: { type: 'boolean', default: true, description: 'AWS refuses to delete it.' },
    final_snapshot: { type: 'boolean', default: true, description: 'A snapshot is kept when it is destroyed.' },
  },
  required: ['name', 'class', 'username'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Identifier, in lower case.' },
    arn: { type: 'string', description: 'Its ARN.' },
    endpoint: { type: 'string', description: 'Host name of the writer.', 'x-ready': true },
    reader_endpoint: { type: 'string', description: 'Host name that leads to the readers.', 'x-ready': true },
    port: { type: 'integer', description: 'Port.', 'x-ready': true },
    // AWS names it while the cluster is still being created: permissions to read it need not wait
    password_secret_arn: {
      type: 'string',
      description: 'The secret in Secrets Manager that holds user and password.',
    },
    version: { type: 'string', description: 'The version that runs.', 'x-ready': true },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
