import type { ObjectSchema } from '../../module.ts'

export const summary = 'A group of instances made from a launch template, between a least and a greatest number'
export const key = ['name'] as const

export const args = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255, description: 'Name of the group.' },
    launch_template: {
      type: 'object',
      properties: {
        id: { type: 'string', pattern: '^lt-', description: 'Id of the template.' },
        version: {
          type: 'integer',
          minimum: 1,
          description: 'Number of the version. Another one is rolled out, instance by instance.',
        },
      },
      required: ['id', 'version'],
      additionalProperties: false,
      description: 'What instances are made from.',
    },
    min_size: { type: 'integer', minimum: 0, description: 'There are never fewer instances.' },
    max_size: { type: 'integer', minimum: 0, description: 'There are never more instances.' },
    desired: {
      type: 'integer',
      minimum: 0,
      description:
        'Instances at the start. Afterwards the scaling policy decides; only another number here is a change.',
    },
    subnets: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Ids of the subnets.' },
    target_groups: {
      type: 'array',
      items: { type: 'string' },
      description: 'ARNs of the target groups in which instances are registered.',
    },
    health_check: {
      type: 'string',
      enum: ['EC2', 'ELB'],
      default: 'EC2',
      description: 'Who says that an instance is healthy; with ELB those that the balancer finds bad are replaced.',
    },
    grace: { type: 'integer', minimum: 0, description: 'Seconds after the start in which health does not count.' },
    refresh: {
      type: 'object',
      properties: {
        min_healthy: {
          type: 'integer',
          minimum: 0,
          maximum: 100,
          default: 100,
          description:
            'So many per cent of the instances serve at any time; 100: a new one serves before an old one goes; 0: all may go at once.',
        },
        max_healthy: {
          type: 'integer',
          minimum: 100,
          maximum: 200,
          default: 200,
          description: 'So many per cent of the instances there may be meanwhile; at most 100 more than `min_healthy`.',
        },
        auto_rollback: {
          type: 'boolean',
          default: true,
          description: 'Whether AWS goes back to the former version when new instances fail.',
        },
        skip_matching: {
          type: 'boolean',
          default: true,
          description: 'Whether instances stay that are of the wanted version already.',
        },
        warmup: {
          type: 'integer',
          minimum: 0,
          description:
            'Seconds until the next instance is replaced after a new one serves; as `warmup` of the group if not said.',
        },
        checkpoints: {
          type: 'array',
          items: { type: 'integer', minimum: 1, maximum: 100 },
          minItems: 1,
          description: 'Percentages, ascending up to 100, at which it waits for `checkpoint_delay`.',
        },
        checkpoint_delay: {
          type: 'integer',
          minimum: 0,
          maximum: 172_800,
          description: 'Seconds at a checkpoint (3600).',
        },
        alarms: {
          type: 'array',
          items: { type: 'string', minLength: 1, maxLength: 255 },
          minItems: 1,
          maxItems: 10,
          description:
            'Names of CloudWatch alarms that end it when one goes off: it is rolled back then, or fails with `auto_rollback: false`.',
        },
        bake_time: {
          type: 'integer',
          minimum: 0,
          maximum: 172_800,
          description: 'Seconds at the end in which it is still rolled back when something fails.',
        },
        protected: {
          type: 'string',
          enum: ['wait', 'refresh', 'ignore'],
          default: 'wait',
          description: 'What becomes of instances that are protected from scale-in; `wait`: an hour, then it fails.',
        },
        standby: {
          type: 'string',
          enum: ['wait', 'terminate', 'ignore'],
          default: 'wait',
          description: 'What becomes of instances on standby; `wait`: an hour, then it fails.',
        },
      },
      additionalProperties: false,
      description:
        'How another version is rolled out: by an instance refresh. It counts for the next one and is no change by itself.',
    },
    warmup: { type: 'integer', minimum: 0, description: 'Seconds until a new instance counts as ready.' },
  },
  required: ['name', 'launch_template', 'min_size', 'max_size', 'subnets'],
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Its name.' },
    arn: { type: 'string', description: 'Its ARN.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
