import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  ModifyLoadBalancerAttributesCommand,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { tagList } from '../tags.ts'
import { applyListeners } from './apply-listeners.ts'
import { read, type Balancer } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

export async function apply(change: Change, want: Want, have: Balancer | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    return await apply({ ...change, action: 'create' }, want, undefined, cloud)
  }
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  const arn = have ? await update(want, have, changes, cloud) : await create(want, cloud)
  const attributes = attributesOf(want).filter(({ of }) => !have || changes(of))
  if (attributes.length > 0)
    await (
      await cloud.client('elb')
    ).send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: arn,
        Attributes: attributes.map(({ key, value }) => ({ Key: key, Value: value })),
      }),
    )
  await applyListeners(arn, want.listeners, have, cloud)
  cloud.changed('elb:')
}

async function create(want: Want, cloud: Cloud): Promise<string> {
  const { name, type = 'application', subnets, addresses, security_groups: groups, ip_address_type: addressing } = want
  const { LoadBalancers: made = [] } = await (
    await cloud.client('elb')
  ).send(
    new CreateLoadBalancerCommand({
      Name: name,
      Type: type,
      Scheme: want.scheme ?? 'internet-facing',
      ...(addresses
        ? { SubnetMappings: subnets.map((SubnetId, index) => ({ SubnetId, AllocationId: addresses[index] })) }
        : { Subnets: [...subnets] }),
      ...(groups && { SecurityGroups: [...groups] }),
      ...(addressing !== undefined && { IpAddressType: addressing }),
      Tags: tagList(cloud.tags),
    }),
  )
  return made[0]?.LoadBalancerArn ?? ''
}

async function update(want: Want, { id }: Balancer, changes: (path: string) => boolean, cloud: Cloud): Promise<string> {
  const elb = await cloud.client('elb')
  if (changes('subnets')) await elb.send(new SetSubnetsCommand({ LoadBalancerArn: id, Subnets: [...want.subnets] }))
  if (changes('security_groups'))
    await elb.send(
      new SetSecurityGroupsCommand({ LoadBalancerArn: id, SecurityGroups: [...(want.security_groups ?? [])] }),
    )
  if (changes('ip_address_type'))
    await elb.send(new SetIpAddressTypeCommand({ LoadBalancerArn: id, IpAddressType: want.ip_address_type }))
  return id
}

interface Attribute {
  readonly key: string
  readonly value: string
  /** The argument that it comes from. */
  readonly of: string
}

function attributesOf(want: Want): readonly Attribute[] {
  const { type = 'application', idle_timeout, deletion_protection, access_logs: logs } = want
  const listed: readonly (readonly [of: string, key: string, value: string | number | boolean | undefined])[] = [
    ['idle_timeout', 'idle_timeout.timeout_seconds', idle_timeout],
    [
      'drop_invalid_headers',
      'routing.http.drop_invalid_header_fields.enabled',
      type === 'application' ? (want.drop_invalid_headers ?? true) : undefined,
    ],
    ['deletion_protection', 'deletion_protection.enabled', deletion_protection],
    ['access_logs', 'access_logs.s3.enabled', logs && true],
    ['access_logs', 'access_logs.s3.bucket', logs?.bucket],
    ['access_logs', 'access_logs.s3.prefix', logs && (logs.prefix ?? '')],
  ]
  return listed.flatMap(([of, key, value]) => (value === undefined ? [] : [{ of, key, value: String(value) }]))
}

export async function ready(want: Want, _have: Balancer, cloud: Cloud): Promise<Balancer> {
  return await cloud.poll({
    what: `load balancer ${want.name} to be active`,
    every: 10,
    timeout: 900,
    look: async () => {
      const now = await read(want, cloud)
      if (now?.state === 'failed')
        throw failure('E787', `the load balancer ${want.name} failed`, { hint: 'do its subnets have free addresses?' })
      if (now && now.pending === undefined) return { done: now }
      cloud.changed('elb:')
      return { status: now?.pending ?? 'not visible yet' }
    },
  })
}

/** Its listeners go with it; its network interfaces outlive it by minutes, which the security group waits for. */
export async function destroy(want: Want, have: Balancer, cloud: Cloud): Promise<void> {
  const elb = await cloud.client('elb')
  if (have.deletionProtection) {
    if (want.deletion_protection ?? true)
      throw failure('E786', `the load balancer ${have.name} is protected against deletion`, {
        hint: 'set deletion_protection: false in the playbook if it may go',
      })
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: have.id,
        Attributes: [{ Key: 'deletion_protection.enabled', Value: 'false' }],
      }),
    )
  }
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
