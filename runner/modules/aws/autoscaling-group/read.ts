import {
  DescribeInstanceRefreshesCommand,
  paginateDescribeAutoScalingGroups,
  type AutoScalingGroup,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { tagMap } from '../tags.ts'
import { targetsServing } from './read-targets.ts'
import type { args } from './schema.ts'
import { settlingTag } from './settling.ts'

export interface Group extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly arn: string
  readonly launchTemplate: { readonly id: string; readonly version: number | string }
  readonly min: number
  readonly max: number
  readonly capacity: number
  /** The `desired` that was last asked for. */
  readonly asked: number | undefined
  readonly subnets: readonly string[]
  readonly targetGroups: readonly string[]
  readonly healthCheck: string
  readonly grace: number
  readonly warmup: number | undefined
  readonly instances: readonly {
    readonly id: string
    readonly state: string
    readonly healthy: boolean
    readonly version: string
  }[]
  /** Instances or targets were changed, and no run has seen them serve since. */
  readonly settling: boolean
  /** What is missing until all that there are to be serve: `1 of 2 targets healthy in shop: Elb.InitialHealthChecking`. */
  readonly lacks?: string
  /** Names of its target groups that no load balancer uses. */
  readonly unused: readonly string[]
}

export function groups(cloud: Cloud): Promise<readonly AutoScalingGroup[]> {
  return cloud.once('autoscaling:groups', async () => {
    const found: AutoScalingGroup[] = []
    for await (const page of paginateDescribeAutoScalingGroups({ client: await cloud.client('autoscaling') }, {}))
      found.push(...(page.AutoScalingGroups ?? []))
    return found
  })
}

export async function read(want: Pick<ArgsOf<typeof args>, 'name'>, cloud: Cloud): Promise<Group | undefined> {
  const found = (await groups(cloud)).find((group) => group.AutoScalingGroupName === want.name)
  // what is being deleted cannot be kept any more (API Reference, AutoScalingGroup: Status is only set then)
  if (!found || isGoing(found)) return undefined
  const tags = tagMap(found.Tags)
  const template = found.LaunchTemplate ?? found.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification
  const version = template?.Version ?? ''
  const instances = (found.Instances ?? []).map((one) => ({
    id: one.InstanceId ?? '',
    state: one.LifecycleState ?? '',
    healthy: one.HealthStatus !== 'Unhealthy',
    version: one.LaunchTemplate?.Version ?? '',
  }))
  const serving = instances.filter((one) => one.state === 'InService' && one.healthy).map((one) => one.id)
  const capacity = found.DesiredCapacity ?? 0
  // an earlier run may have been interrupted while new instances were rolled out
  const behind = /^\d+$/.test(version) && instances.some((one) => one.version !== '' && one.version !== version)
  const targetGroups = found.TargetGroupARNs ?? []
  const targets = await targetsServing(targetGroups, serving, capacity, cloud)
  const lacks =
    serving.length < capacity
      ? `${serving.length} of ${capacity} instances in service`
      : behind
        ? versionsOf(instances)
        : targets.lacks
  const settling = tags[settlingTag] !== undefined
  const pending = settling || behind ? (lacks ?? 'not seen to serve since it was changed') : undefined
  return {
    id: want.name,
    tags,
    ...(pending !== undefined && { pending }),
    arn: found.AutoScalingGroupARN ?? '',
    launchTemplate: {
      id: template?.LaunchTemplateId ?? '',
      version: /^\d+$/.test(version) ? Number(version) : version,
    },
    min: found.MinSize ?? 0,
    max: found.MaxSize ?? 0,
    capacity,
    asked: tags['runner:desired'] === undefined ? undefined : Number(tags['runner:desired']),
    subnets: (found.VPCZoneIdentifier ?? '').split(',').filter(Boolean),
    targetGroups,
    healthCheck: found.HealthCheckType ?? 'EC2',
    grace: found.HealthCheckGracePeriod ?? 0,
    warmup: found.DefaultInstanceWarmup,
    instances,
    settling,
    ...(lacks !== undefined && { lacks }),
    unused: targets.unused,
  }
}

function isGoing({ Status }: AutoScalingGroup): boolean {
  return Status !== undefined && Status !== ''
}

/** `2 of 4 instances on version 6`: the newest version of which there are some. */
function versionsOf(instances: Group['instances']): string {
  const newest = Math.max(...instances.map((one) => Number(one.version) || 0))
  const there = instances.filter((one) => one.version === String(newest)).length
  return `${there} of ${instances.length} instances on version ${newest}`
}

/** The newest roll-out of a group. */
export async function newestRefresh(name: string, cloud: Cloud): Promise<InstanceRefresh | undefined> {
  const { InstanceRefreshes: found = [] } = await (
    await cloud.client('autoscaling')
  ).send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, MaxRecords: 1 }))
  return found[0]
}
