import type { Life } from './life.ts'
import { xmlList } from './listing.ts'
import { xml } from './rule.ts'
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

/** VPC User Guide, NAT gateways, states: pending, then available or failed; deleting for a while. */
export const natLife: Life = {
  kind: 'NAT gateway',
  because: 'EC2 API Reference, NatGateway: pending → available | failed, FailureMessage; deleting',
  create: 'ec2:CreateNatGateway',
  made: (_, { body }) => elements(body, 'natGatewayId'),
  describe: ['ec2:DescribeNatGateways'],
  listing: xmlList('natGatewaySet', 'item'),
  idOf: (item) => valueOf(item, 'natGatewayId'),
  stages: [['pending', 1]],
  inState: (item, state, reason) => {
    const now = withChild(item, 'state', state)
    return state === 'failed' ? withChild(now, 'failureMessage', reason ?? '') : now
  },
  remove: {
    operation: 'ec2:DeleteNatGateway',
    removed: ({ parameters }) => [parameters.get('NatGatewayId') ?? ''],
    state: 'deleting',
    question: (id) => ({ service: 'ec2', parameters: { Action: 'DescribeNatGateways', 'NatGatewayId.1': id } }),
    answer: (items) =>
      xml(
        `<DescribeNatGatewaysResponse><natGatewaySet>${items.map((one) => `<item>${one}</item>`).join('')}</natGatewaySet></DescribeNatGatewaysResponse>`,
      ),
    asked: ({ parameters }, item) => {
      const id = parameters.get('NatGatewayId.1')
      return id === null || valueOf(item, 'natGatewayId') === id
    },
  },
}
