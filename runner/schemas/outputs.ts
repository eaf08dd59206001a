import { actions, disruptions } from '../plan/change.ts'
import { hours } from '../plan/cost.ts'

const draft = 'http://json-schema.org/draft-07/schema#'
const position = {
  type: 'object',
  properties: { line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } },
  required: ['line', 'column'],
  additionalProperties: false,
}
const range = {
  type: 'object',
  properties: { file: { type: 'string' }, start: position, end: position },
  required: ['file', 'start', 'end'],
  additionalProperties: false,
}
const field = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    before: {},
    after: {},
    known: { type: 'boolean' },
    sensitive: { const: true },
    forces: { const: 'replace' },
    usual: { type: 'number', description: 'Seconds.' },
    disruption: { enum: disruptions },
  },
  required: ['path', 'known'],
  additionalProperties: false,
}
const entry = {
  type: 'object',
  properties: {
    node: { type: 'string' },
    task: { type: 'string' },
    module: { type: 'string' },
    where: { type: 'string' },
    action: { enum: actions },
    fields: { type: 'array', items: field },
    why: { type: 'string' },
    after: { type: 'array', items: { type: 'string' } },
    at: range,
    assumed: { const: true },
    orphan: { enum: ['kept', 'pruned'] },
  },
  required: ['node', 'task', 'module', 'where', 'action', 'fields', 'after', 'at'],
  additionalProperties: false,
}

const money = { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$', description: 'An exact decimal number.' }
const amount = {
  type: 'object',
  properties: { before: money, after: money, difference: money },
  required: ['before', 'after', 'difference'],
  additionalProperties: false,
}
const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }
const costItem = {
  type: 'object',
  properties: {
    item: { type: 'string' },
    unit: { type: 'string' },
    usd: money,
    source: { type: 'string', description: 'A source of runner/cost/prices.yml.' },
    date: day,
    before: money,
    after: money,
    max: {
      type: 'object',
      properties: { before: money, after: money },
      required: ['before', 'after'],
      additionalProperties: false,
    },
  },
  required: ['item', 'unit', 'usd', 'source', 'date', 'before', 'after'],
  additionalProperties: false,
}
const cost = {
  type: 'object',
  description:
    'What the plan makes dearer or cheaper, in dollars a month, as far as there are prices. Absent: nothing.',
  properties: {
    currency: { const: 'USD' },
    hours: { const: hours, description: 'So many hours a month.' },
    regions: { type: 'array', items: { type: 'string' } },
    dates: {
      type: 'object',
      properties: { from: day, to: day },
      required: ['from', 'to'],
      additionalProperties: false,
      description: 'The oldest and the newest source of the prices.',
    },
    ...amount.properties,
    max: { ...amount, description: 'With everything that scales by itself at its greatest.' },
    entries: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          node: { type: 'string' },
          region: { type: 'string' },
          ...amount.properties,
          max: amount,
          items: { type: 'array', items: costItem },
        },
        required: ['node', 'region', 'before', 'after', 'difference', 'items'],
        additionalProperties: false,
      },
    },
    unpriced: {
      type: 'array',
      items: {
        type: 'object',
        properties: { node: { type: 'string' }, what: { type: 'string' }, why: { type: 'string' } },
        required: ['node', 'what', 'why'],
        additionalProperties: false,
      },
    },
  },
  required: ['currency', 'hours', 'regions', 'before', 'after', 'difference', 'entries', 'unpriced'],
  additionalProperties: false,
}

/** What `runner plan -o json` prints and `--out` saves (that has `options`, too). */
export const planSchema = {
  $schema: draft,
  title: 'Plan',
  description: 'What an apply would do.',
  type: 'object',
  properties: {
    format: { const: 1 },
    playbook: { type: 'string' },
    entries: { type: 'array', items: entry },
    counts: {
      type: 'object',
      properties: Object.fromEntries(actions.map((action) => [action, { type: 'integer', minimum: 0 }])),
      required: actions,
      additionalProperties: false,
    },
    course: {
      type: 'object',
      description:
        'How long applying usually takes: the longest path through what is to be done. Absent where that is nothing.',
      properties: {
        seconds: { type: 'integer', minimum: 0 },
        critical: {
          type: 'array',
          description: 'Its nodes, in order, and what each adds to it.',
          items: {
            type: 'object',
            properties: { node: { type: 'string' }, seconds: { type: 'number', minimum: 0 } },
            required: ['node', 'seconds'],
            additionalProperties: false,
          },
        },
      },
      required: ['seconds', 'critical'],
      additionalProperties: false,
    },
    digest: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    cost,
    options: { type: 'object' },
  },
  required: ['format', 'playbook', 'entries', 'counts', 'digest'],
  additionalProperties: false,
}

/** A line of `runner apply -o json` and of journals; `type` says which. */
export const eventSchema = {
  $schema: draft,
  title: 'Event',
  description: 'One thing that happened in a run.',
  type: 'object',
  properties: {
    t: { type: 'number', description: 'Milliseconds since the epoch.' },
    type: {
      enum: [
        'run.start',
        'notice',
        'diagnostic',
        'plan',
        'sweep',
        'play.start',
        'read.progress',
        'node.start',
        'node.status',
        'node.output',
        'node.slow',
        'node.retry',
        'node.done',
        'run.done',
      ],
    },
  },
  required: ['t', 'type'],
}
