import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeScalingActivitiesCommand,
  AttachLoadBalancerTargetGroupsCommand,
  DetachLoadBalancerTargetGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { faultOfProfile, namesNewProfile, profileLag, withProfile } from '../apply-profile.ts'
import { isMissing } from '../errors.ts'
import { noteOn, noteSettled } from './apply-marks.ts'
import { applyRefresh, awaitRefresh } from './apply-refresh.ts'
import { groups, read, type Group } from './read.ts'
import type { args } from './schema.ts'
import { settlingTag, unsettles, unusedTargets } from './settling.ts'

type Want = ArgsOf<typeof args>

export async function apply(change: Change, want: Want, have: Group | undefined, cloud: Cloud): Promise<void> {
  if (have) await update(change, want, have, cloud)
  else await create(want, cloud)
  cloud.changed('autoscaling:')
}

async function create(want: Want, cloud: Cloud): Promise<void> {
  const desired = want.desired === undefined ? {} : { 'runner:desired': String(want.desired) }
  const tag =
    (propagate: boolean) =>
    ([Key, Value]: [string, string]) => ({
      Key,
      Value,
      PropagateAtLaunch: propagate,
      ResourceId: want.name,
      ResourceType: 'auto-scaling-group',
    })
  await gone(want.name, cloud)
  const autoscaling = await cloud.client('autoscaling')
  const command = new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: want.name,
    LaunchTemplate: templateOf(want),
    MinSize: want.min_size,
    MaxSize: want.max_size,
    ...(want.desired !== undefined && { DesiredCapacity: want.desired }),
    VPCZoneIdentifier: want.subnets.join(','),
    ...(want.target_groups && { TargetGroupARNs: [...want.target_groups] }),
    HealthCheckType: want.health_check ?? 'EC2',
    ...(want.grace !== undefined && { HealthCheckGracePeriod: want.grace }),
    ...(want.warmup !== undefined && { DefaultInstanceWarmup: want.warmup }),
    Tags: [
      ...Object.entries({ ...cloud.tags, ...desired, [settlingTag]: 'true' }).map(tag(false)),
      ...Object.entries({ Name: want.name }).map(tag(true)),
    ],
  })
  await withProfile(profileOf(want), want.launch_template, cloud, async () => await autoscaling.send(command))
}

const profileOf = ({ name }: Want): string => `the instance profile in the launch template of ${name}`

function templateOf({ launch_template: { id, version } }: Want) {
  return { LaunchTemplateId: id, Version: String(version) }
}

/** One call for all settings; scaling limits are one field of it, so changing one makes one call that writes. */
async function update(change: Change, want: Want, have: Group, cloud: Cloud): Promise<void> {
  const autoscaling = await cloud.client('autoscaling')
  const changes = (...paths: string[]): boolean => change.fields.some((field) => paths.includes(field.path))
  // where there are instances the roll-out brings the new template, and takes it back when it fails
  const rolls = changes('launch_template') && have.instances.length > 0
  const template = changes('launch_template') && !rolls
  // noted before it is done, so that a run that is interrupted in between leaves nothing that the next does not wait for
  if (unsettles(change, want, have)) await noteOn(want.name, { [settlingTag]: 'true' }, cloud)
  if (template || changes('min_size', 'max_size', 'desired', 'subnets', 'health_check', 'grace', 'warmup')) {
    const command = new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: want.name,
      ...(template && { LaunchTemplate: templateOf(want) }),
      ...(changes('min_size') && { MinSize: want.min_size }),
      ...(changes('max_size') && { MaxSize: want.max_size }),
      ...(changes('desired') && { DesiredCapacity: want.desired }),
      ...(changes('subnets') && { VPCZoneIdentifier: want.subnets.join(',') }),
      ...(changes('health_check') && { HealthCheckType: want.health_check ?? 'EC2' }),
      ...(changes('grace') && { HealthCheckGracePeriod: want.grace }),
      ...(changes('warmup') && { DefaultInstanceWarmup: want.warmup }),
    })
    await withProfile(profileOf(want), want.launch_template, cloud, async () => await autoscaling.send(command))
  }
  // only then: a wish that was noted and not told would be lost
  if (changes('desired'))
    await noteOn(want.name, { 'runner:desired': String(want.desired), [settlingTag]: 'true' }, cloud)
  if (changes('target_groups')) {
    const wanted = want.target_groups ?? []
    const gone = have.targetGroups.filter((arn) => !wanted.includes(arn))
    const added = wanted.filter((arn) => !have.targetGroups.includes(arn))
    if (added.length > 0)
      await autoscaling.send(
        new AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: want.name, TargetGroupARNs: [...added] }),
      )
    if (gone.length > 0)
      await autoscaling.send(
        new DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: want.name, TargetGroupARNs: [...gone] }),
      )
  }
  if (rolls)
    await withProfile(profileOf(want), want.launch_template, cloud, async () => await applyRefresh(want, cloud))
}

/** Seconds until a load balancer of this run uses a target group: making it takes minutes, its certificate perhaps longer. */
const usedWithin = 600

/**
 * Waits until a roll-out has come to its end and, where instances or targets were changed, until the wanted number serves and its load balancers
 * send requests to them; what AWS could not start fails at once. Targets that became unhealthy by themselves are not waited for: the plan says so.
 */
export async function ready(want: Want, have: Group, cloud: Cloud): Promise<Group> {
  const began = new Date(Date.now() - 5000)
  const rolled = await awaitRefresh(want, have, cloud)
  if (!rolled && !have.settling) return have
  const every = 10
  let looks = 0
  return await cloud.poll({
    what: `instances of ${want.name} to be in service`,
    every,
    timeout: 1800,
    look: async () => {
      cloud.changed('autoscaling:groups')
      cloud.changed('elb:target-groups')
      const now = await read(want, cloud)
      if (!now)
        throw failure('E761', `the scaling group ${want.name} is gone`, {
          hint: 'somebody deleted it; run apply again',
        })
      const at = looks++ * every
      if (now.lacks !== undefined) {
        await refuseFailed(want, began, at < profileLag, cloud)
        return { status: now.lacks }
      }
      if (now.unused.length > 0 && at < usedWithin && cloud.coming('aws.load_balancer'))
        return { status: unusedTargets(now.unused) }
      if (!now.settling) return { done: now }
      await noteSettled(want.name, cloud)
      return { done: (await read(want, cloud)) ?? now }
    },
  })
}

/**
 * An activity that failed since we began says why no instance comes: an image that may not be used, a limit, no capacity. An instance profile
 * that is not known may be just new: AWS tries again by itself. One that is gone is not waited for.
 */
async function refuseFailed(want: Want, began: Date, young: boolean, cloud: Cloud): Promise<void> {
  const { name, launch_template: template } = want
  const { Activities: activities = [] } = await (
    await cloud.client('autoscaling')
  ).send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name, MaxRecords: 5 }))
  const failed = activities.find(
    (one) => one.StatusCode === 'Failed' && one.StartTime !== undefined && one.StartTime >= began,
  )
  const unknown = failed !== undefined && namesNewProfile(failed.StatusMessage ?? '')
  const gone = unknown ? await faultOfProfile(template, cloud) : undefined
  if (gone) throw gone
  if (failed && !(young && unknown))
    throw failure(
      'E762',
      `${name} can’t start instances: ${failed.StatusMessage ?? failed.Description ?? 'no reason given'}`,
      { hint: 'mend what AWS names and run apply again' },
    )
}

export async function destroy(want: Want, _have: Group, cloud: Cloud): Promise<void> {
  await (
    await cloud.client('autoscaling')
  )
    .send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: want.name, ForceDelete: true }))
    .catch((error: unknown) => {
      // AWS says of a missing group that it is not valid, and of one that is being deleted that it is busy
      if (!isMissing(error) && !/not found|pending delete/i.test((error as Error).message)) throw error
    })
  await gone(want.name, cloud)
}

/** Waits until there is no group of that name any more, also none that is still being deleted. */
async function gone(name: string, cloud: Cloud): Promise<void> {
  await cloud.poll({
    what: `the instances of ${name} to end`,
    every: 10,
    timeout: 1800,
    look: async () => {
      cloud.changed('autoscaling:')
      const now = (await groups(cloud)).find((group) => group.AutoScalingGroupName === name)
      return now ? { status: `${now.Instances?.length ?? 0} left` } : { done: true }
    },
  })
}
