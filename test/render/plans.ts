import type { Action, Field } from '../../runner/plan/change.ts'
import { makePlan, type Entry, type Plan } from '../../runner/plan/plan.ts'
import { renderPlan, type PlanOptions } from '../../runner/render/plan.ts'

/** What a terminal would obey if it were not escaped. */
export const evil = 'x\u001B[2J\u202Ey\u0007'
export const evilShown = 'x\\x1b[2J\\u202ey\\x07'

/** An entry of a plan of which only what matters is said. */
export function entry(action: Action, task: string, more: Partial<Entry> = {}): Entry {
  const where = more.where ?? 'aws'
  const at = { file: 'playbooks/site.yml', start: { line: 12, column: 5 }, end: { line: 12, column: 9 } }
  return { node: `play/${task}@${where}`, task, module: 'aws.thing', where, action, fields: [], after: [], at, ...more }
}

/** A field both sides of which are known. */
export function field(path: string, before: Field['before'], after: Field['after'], more: Partial<Field> = {}): Field {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }), known: true, ...more }
}

export function planOf(...entries: readonly Entry[]): Plan {
  return makePlan('playbooks/site.yml', '', entries)
}

const configured = (where: string): Entry =>
  entry('update', 'Configuration', {
    module: 'system.file',
    where,
    fields: [field('content', 'a\nb\nc\n', 'a\nB\nc\nd\n', { disruption: 'restart' })],
  })

/** One of everything. */
export const everything: Plan = planOf(
  entry('create', 'Database', {
    module: 'aws.db_cluster',
    fields: [
      field('engine', undefined, 'mysql'),
      field('version', undefined, '8.4'),
      { path: 'subnets', known: false },
      field('password', undefined, '[secret]', { sensitive: true }),
    ],
  }),
  ...['web1', 'web2', 'web3', 'web4', 'web5'].map(configured),
  entry('none', 'Network'),
  entry('update', 'Web access', {
    module: 'aws.security_group',
    fields: [
      field(
        'ingress',
        [
          { port: 22, from: '0.0.0.0/0' },
          { port: 80, from: '0.0.0.0/0' },
        ],
        [
          { port: 80, from: '0.0.0.0/0' },
          { port: 22, from: '10.0.0.0/8' },
          { port: 443, from: '0.0.0.0/0' },
        ],
      ),
      field('tags', { owner: 'a', old: '1' }, { owner: 'b', team: 'web' }),
    ],
  }),
  entry('delete', 'Old queue', { why: 'it carries the tags of this playbook, which no longer names it' }),
  entry('unknown', 'Access', { why: 'which one is not known: Network is created' }),
  entry('run', 'Reload', { module: 'system.command', where: 'web1', fields: [field('cmd', undefined, 'true')] }),
  entry('replace', evil, {
    fields: [field('size', 1, 2, { forces: 'replace', disruption: 'data_loss' }), field('note', evil, `${evil}!`)],
  }),
)

/** A balancer, and a group of which only the greatest number of instances changes: what they cost. */
export const dearer: Plan = {
  ...planOf(entry('create', 'Balancer'), entry('update', 'Group', { fields: [field('max_size', 6, 8)] })),
  cost: {
    currency: 'USD',
    hours: 730,
    regions: ['us-east-1'],
    dates: { from: '2026-07-20', to: '2026-09-25' },
    before: '30.368',
    after: '46.793',
    difference: '16.425',
    max: { before: '91.104', after: '137.897', difference: '46.793' },
    entries: [
      {
        node: 'play/Balancer@aws',
        region: 'us-east-1',
        before: '0',
        after: '16.425',
        difference: '16.425',
        items: [
          {
            item: 'load balancer application',
            unit: 'hour',
            usd: '0.0225',
            source: 'a',
            date: '2026-09-25',
            before: '0',
            after: '1',
          },
        ],
      },
      {
        node: 'play/Group@aws',
        region: 'us-east-1',
        before: '30.368',
        after: '30.368',
        difference: '0',
        max: { before: '91.104', after: '121.472', difference: '30.368' },
        items: [
          {
            item: 'ec2 t3.small',
            unit: 'hour',
            usd: '0.0208',
            source: 'b',
            date: '2026-07-20',
            before: '2',
            after: '2',
            max: { before: '6', after: '8' },
          },
        ],
      },
    ],
    unpriced: [
      { node: 'play/Balancer@aws', what: 'load balancer capacity units', why: 'billed by use' },
      { node: 'play/Balancer@aws', what: 'data transfer', why: 'billed by use' },
      { node: 'play/Group@aws', what: 'data transfer', why: 'billed by use' },
      { node: 'play/Group@aws', what: evil, why: 'no price in us-east-1' },
    ],
  },
}

/** A plan as a terminal of 80 columns without colours shows it, but for what is said otherwise. */
export function draw(plan: Plan, more: Partial<PlanOptions> = {}): string {
  return renderPlan(plan, { width: 80, colour: false, diff: false, verbose: false, ...more })
}
