import type { Life } from './life.ts'
import { xmlList } from './listing.ts'
import { elements, valueOf, withChild } from './xml.ts'

const instances = xmlList('instancesSet', 'item')
const codes: Readonly<Record<string, number>> = { pending: 0, running: 16, terminated: 48 }
const launched = (_: unknown, { body }: { readonly body: string }): readonly string[] =>
  [...body.matchAll(/<instanceId>([^<]+)</g)].map(([, id = '']) => id)

/** EC2 User Guide, Instance lifecycle: pending until it runs. */
export const instanceLife: Life = {
  kind: 'instance',
  because: 'EC2 User Guide, Instance lifecycle: pending → running',
  create: 'ec2:RunInstances',
  made: launched,
  describe: ['ec2:DescribeInstances'],
  listing: instances,
  idOf: (item) => valueOf(item, 'instanceId'),
  stages: [['pending', 1]],
  asked({ parameters }, state) {
    const filter = [...parameters].find(([key, value]) => key.endsWith('.Name') && value === 'instance-state-name')?.[0]
    const values = filter?.replace(/Name$/, 'Value.')
    return values === undefined || [...parameters].some(([key, value]) => key.startsWith(values) && value === state)
  },
  inState: (item, state, reason = '') =>
    withChild(
      withChild(item, 'instanceState', `<code>${codes[state] ?? 16}</code><name>${state}</name>`),
      'stateReason',
      reason === '' ? '' : `<code>Server.InternalError</code><message>${reason}</message>`,
    ),
}

/** EC2 User Guide, Status checks: they begin when the instance runs, and take minutes. */
export const checksLife: Life = {
  kind: 'status checks',
  because: 'EC2 User Guide, Status checks: initializing → ok',
  create: 'ec2:RunInstances',
  made: launched,
  describe: ['ec2:DescribeInstanceStatus'],
  listing: xmlList('instanceStatusSet', 'item'),
  idOf: (item) => valueOf(item, 'instanceId'),
  stages: [['initializing', 1]],
  inState: (item, state) =>
    withChild(withChild(item, 'instanceStatus', `<status>${state}</status>`), 'systemStatus', '<status>ok</status>'),
}

/** EC2 API Reference, Image: pending, then available or failed with a reason. */
export const imageLife: Life = {
  kind: 'image',
  because: 'EC2 API Reference, Image: ImageState pending → available | failed, StateReason',
  create: 'ec2:CreateImage',
  made: (_, { body }) => elements(body, 'imageId'),
  describe: ['ec2:DescribeImages'],
  listing: xmlList('imagesSet', 'item'),
  idOf: (item) => valueOf(item, 'imageId'),
  stages: [['pending', 1]],
  inState: (item, state, reason) => {
    const now = withChild(item, 'imageState', state)
    return reason === undefined || state === 'pending'
      ? now
      : withChild(now, 'stateReason', `<code>Server.InternalError</code><message>${reason}</message>`)
  },
}
