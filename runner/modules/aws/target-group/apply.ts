import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { digestOf, type Change } from '../../../plan/change.ts'
import { isInUse, isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import type { Args, Have } from './diff.ts'
import { read } from './read.ts'

/**
 * Creates or changes the group. A group that listeners forward to cannot be deleted, so its successor is made beside it
 * under a name with a suffix; `ready` deletes the old one when the listeners have let it go.
 */
export async function apply(change: Change, want: Args, have: Have | undefined, cloud: Cloud): Promise<void> {
  const arn = have && change.action !== 'replace' ? await update(want, have, cloud) : await create(want, have, cloud)
  const attributes = attributesOf(want)
  const elb = await cloud.client('elb')
  if (attributes.length > 0)
    await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: attributes }))
  cloud.changed('elb:')
}

async function create(want: Args, have: Have | undefined, cloud: Cloud): Promise<string> {
  const { port, protocol = 'HTTP', vpc, target_type = 'instance' } = want
  const suffix = digestOf([port, protocol, vpc, target_type]).slice(0, 6)
  const elb = await cloud.client('elb')
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: have ? `${want.name.slice(0, 25)}-${suffix}` : want.name,
      Port: port,
      Protocol: protocol,
      VpcId: vpc,
      TargetType: target_type,
      ...healthCheck(want),
      Tags: tagList(cloud.tags),
    }),
  )
  return TargetGroups?.[0]?.TargetGroupArn ?? ''
}

async function update(want: Args, have: Have, cloud: Cloud): Promise<string> {
  const elb = await cloud.client('elb')
  if (want.health_check)
    await elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: have.arn, ...healthCheck(want) }))
  return have.arn
}

function healthCheck({ health_check: check = {} }: Args) {
  return {
    ...(check.path !== undefined && { HealthCheckPath: check.path }),
    ...(check.interval !== undefined && { HealthCheckIntervalSeconds: check.interval }),
    ...(check.timeout !== undefined && { HealthCheckTimeoutSeconds: check.timeout }),
    ...(check.healthy !== undefined && { HealthyThresholdCount: check.healthy }),
    ...(check.unhealthy !== undefined && { UnhealthyThresholdCount: check.unhealthy }),
    ...(check.matcher !== undefined && { Matcher: { HttpCode: check.matcher } }),
  }
}

function attributesOf({ deregistration_delay, slow_start, stickiness }: Args): { Key: string; Value: string }[] {
  return Object.entries({
    'deregistration_delay.timeout_seconds': deregistration_delay,
    'slow_start.duration_seconds': slow_start,
    'stickiness.enabled': stickiness === undefined ? undefined : stickiness > 0,
    'stickiness.type': stickiness ? 'lb_cookie' : undefined,
    'stickiness.lb_cookie.duration_seconds': stickiness || undefined,
  }).flatMap(([Key, value]) => (value === undefined ? [] : [{ Key, Value: String(value) }]))
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
