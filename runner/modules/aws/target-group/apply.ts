import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { digestOf, type Change } from '../../../plan/change.ts'
import { errorName, isInUse, isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import type { Args, Have } from './diff.ts'
import { read } from './read.ts'

/**
 * Creates or changes the group. A group that listeners forward to cannot be deleted, so its successor is made beside it
 * under a name with a suffix; `ready` deletes the old one when the listeners have let it go.
 */
export async function apply(change: Change, want: Args, have: Have | undefined, cloud: Cloud): Promise<void> {
  const anew = !have || change.action === 'replace'
  const changes = (path: string): boolean => anew || change.fields.some((field) => field.path === path)
  const arn = anew ? await create(want, have, cloud) : have.arn
  const elb = await cloud.client('elb')
  if (!anew && want.health_check && changes('health_check'))
    await elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: arn, ...healthCheck(want) }))
  const attributes = attributesOf(want).filter(({ of }) => changes(of))
  if (attributes.length > 0)
    await elb.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: arn,
        Attributes: attributes.map(({ key, value }) => ({ Key: key, Value: value })),
      }),
    )
  if (want.targets && changes('targets')) await register(arn, want.targets, anew ? [] : (have.targets ?? []), cloud)
  cloud.changed('elb:')
}

/** New ones first. An application load balancer is taken once it listens on the port of the group. */
async function register(
  TargetGroupArn: string,
  wanted: readonly string[],
  there: readonly string[],
  cloud: Cloud,
): Promise<void> {
  const elb = await cloud.client('elb')
  const targets = (ids: readonly string[]) => ids.map((Id) => ({ Id }))
  const added = wanted.filter((id) => !there.includes(id))
  const surplus = there.filter((id) => !wanted.includes(id))
  if (added.length > 0)
    await cloud.poll({
      what: 'a load balancer to become a target',
      every: 10,
      timeout: 600,
      look: async () => {
        try {
          await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: targets(added) }))
          return { done: true }
        } catch (error) {
          // one that is still being made cannot be a target yet
          if (errorName(error) !== 'InvalidTargetException' || !added.some((id) => id.startsWith('arn:'))) throw error
          return { status: (error as Error).message.slice(0, 100) }
        }
      },
    })
  if (surplus.length > 0) await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: targets(surplus) }))
}

async function create(want: Args, have: Have | undefined, cloud: Cloud): Promise<string> {
  const { port, protocol = 'HTTP', protocol_version: version, vpc, target_type = 'instance' } = want
  const parts = [port, protocol, vpc, target_type]
  const suffix = digestOf(version === undefined ? parts : [...parts, version]).slice(0, 6)
  const elb = await cloud.client('elb')
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: have ? `${want.name.slice(0, 25)}-${suffix}` : want.name,
      Port: port,
      Protocol: protocol,
      ...(version !== undefined && { ProtocolVersion: version }),
      VpcId: vpc,
      TargetType: target_type,
      ...healthCheck(want),
      Tags: tagList(cloud.tags),
    }),
  )
  return TargetGroups?.[0]?.TargetGroupArn ?? ''
}

function healthCheck({ health_check: check = {} }: Args) {
  return {
    ...(check.protocol !== undefined && { HealthCheckProtocol: check.protocol }),
    ...(check.port !== undefined && { HealthCheckPort: String(check.port) }),
    ...(check.path !== undefined && { HealthCheckPath: check.path }),
    ...(check.interval !== undefined && { HealthCheckIntervalSeconds: check.interval }),
    ...(check.timeout !== undefined && { HealthCheckTimeoutSeconds: check.timeout }),
    ...(check.healthy !== undefined && { HealthyThresholdCount: check.healthy }),
    ...(check.unhealthy !== undefined && { UnhealthyThresholdCount: check.unhealthy }),
    ...(check.matcher !== undefined && { Matcher: { HttpCode: check.matcher } }),
  }
}

interface Attribute {
  readonly key: string
  readonly value: string
  /** The argument that it comes from. */
  readonly of: string
}

function attributesOf({ deregistration_delay, slow_start, algorithm, stickiness }: Args): readonly Attribute[] {
  const listed: readonly (readonly [of: string, key: string, value: string | number | boolean | undefined])[] = [
    ['deregistration_delay', 'deregistration_delay.timeout_seconds', deregistration_delay],
    ['slow_start', 'slow_start.duration_seconds', slow_start],
    ['algorithm', 'load_balancing.algorithm.type', algorithm],
    ['stickiness', 'stickiness.enabled', stickiness === undefined ? undefined : stickiness > 0],
    ['stickiness', 'stickiness.type', stickiness ? 'lb_cookie' : undefined],
    ['stickiness', 'stickiness.lb_cookie.duration_seconds', stickiness || undefined],
  ]
  return listed.flatMap(([of, key, value]) => (value === undefined ? [] : [{ of, key, value: String(value) }]))
}

/** It can be used at once; what it replaced is deleted when no listener forwards to it any more. */
export async function ready(want: Args, have: Have, cloud: Cloud): Promise<Have> {
  if (have.replaced.length === 0) return have
  for (const arn of have.replaced) await remove(arn, `replaced target group of ${want.name}`, cloud)
  return (await read(want, cloud)) ?? have
}

/** Deletes the group and what it replaced. The load balancer lets go of it shortly after its own end. */
export async function destroy(_want: Args, have: Have, cloud: Cloud): Promise<void> {
  for (const arn of [have.arn, ...have.replaced]) await remove(arn, `target group ${have.name}`, cloud)
}

async function remove(arn: string, name: string, cloud: Cloud): Promise<void> {
  const elb = await cloud.client('elb')
  await cloud.poll({
    what: `${name} to be deleted`,
    every: 5,
    timeout: 600,
    async look() {
      try {
        await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }))
      } catch (error) {
        if (isInUse(error)) return { status: 'a listener still forwards to it' }
        if (!isMissing(error)) throw error
      }
      return { done: undefined }
    },
  })
  cloud.changed('elb:')
}
