import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import { same, type Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { tagList } from '../tags.ts'
import { read, type Balancer } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>
type WantedListener = Want['listeners'][number]

/** Newer policy with TLS 1.2 and 1.3 only. */
const sslPolicy = 'ELBSecurityPolicy-TLS13-1-2-2021-06'

export async function apply(change: Change, want: Want, have: Balancer | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    return await apply({ ...change, action: 'create' }, want, undefined, cloud)
  }
  const elb = await cloud.client('elb')
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  let arn = have?.id
  if (arn === undefined) {
    const { LoadBalancers: made = [] } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: want.name,
        Type: 'application',
        Scheme: want.scheme ?? 'internet-facing',
        Subnets: [...want.subnets],
        ...(want.security_groups && { SecurityGroups: [...want.security_groups] }),
        Tags: tagList(cloud.tags),
      }),
    )
    arn = made[0]?.LoadBalancerArn ?? ''
  } else {
    if (changes('subnets')) await elb.send(new SetSubnetsCommand({ LoadBalancerArn: arn, Subnets: [...want.subnets] }))
    if (changes('security_groups'))
      await elb.send(
        new SetSecurityGroupsCommand({ LoadBalancerArn: arn, SecurityGroups: [...(want.security_groups ?? [])] }),
      )
  }
  if (want.idle_timeout !== undefined && (!have || changes('idle_timeout'))) {
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: arn,
        Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: String(want.idle_timeout) }],
      }),
    )
  }
  await applyListeners(arn, want, have, cloud)
  cloud.changed('elb:')
}

async function applyListeners(arn: string, want: Want, have: Balancer | undefined, cloud: Cloud): Promise<void> {
  const elb = await cloud.client('elb')
  const there = have?.listeners ?? []
  for (const { arn: ListenerArn, listener } of there) {
    if (!want.listeners.some((one) => one.port === listener.port))
      await elb.send(new DeleteListenerCommand({ ListenerArn }))
  }
  for (const listener of want.listeners) {
    const own = there.find((one) => one.listener.port === listener.port)
    if (own && same(own.listener, listener)) continue
    if (own) await elb.send(new ModifyListenerCommand({ ListenerArn: own.arn, ...listening(listener) }))
    else
      await elb.send(
        new CreateListenerCommand({ LoadBalancerArn: arn, ...listening(listener), Tags: tagList(cloud.tags) }),
      )
  }
}

function listening({ port, protocol, certificate, default: action }: WantedListener) {
  const actions: Action[] =
    action.redirect === undefined
      ? [{ Type: 'forward', TargetGroupArn: action.forward }]
      : [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }]
  return {
    Port: port,
    Protocol: protocol,
    DefaultActions: actions,
    ...(certificate !== undefined && { Certificates: [{ CertificateArn: certificate }], SslPolicy: sslPolicy }),
  }
}

export async function ready(want: Want, _have: Balancer, cloud: Cloud): Promise<Balancer> {
  return await cloud.poll({
    what: `load balancer ${want.name} to be active`,
    every: 10,
    timeout: 900,
    look: async () => {
      const now = await read(want, cloud)
      if (now?.state === 'failed')
        throw failure('E755', `the load balancer ${want.name} failed`, { hint: 'do its subnets have free addresses?' })
      if (now && now.pending === undefined) return { done: now }
      cloud.changed('elb:')
      return { status: now?.pending ?? 'not visible yet' }
    },
  })
}

/** Its listeners go with it; its network interfaces outlive it by minutes, which the security group waits for. */
export async function destroy(want: Want, have: Balancer, cloud: Cloud): Promise<void> {
  const elb = await cloud.client('elb')
  await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: have.id }))
  await cloud.poll({
    what: `load balancer ${want.name} to be gone`,
    every: 5,
    timeout: 600,
    look: async () => {
      cloud.changed('elb:')
      const now = await read(want, cloud)
      return now && now.id === have.id ? { status: now.state } : { done: true }
    },
  })
}
