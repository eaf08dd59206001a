import {
  DescribeLoadBalancerAttributesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
  type Listener,
  type LoadBalancer,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../connections/cloud.ts'
import { isMissing } from './errors.ts'
import { tagMap } from './tags.ts'

export function loadBalancers(cloud: Cloud): Promise<readonly LoadBalancer[]> {
  return cloud.once('elb:load-balancers', async () => {
    const found: LoadBalancer[] = []
    for await (const page of paginateDescribeLoadBalancers({ client: await cloud.client('elb') }, {}))
      found.push(...(page.LoadBalancers ?? []))
    return found
  })
}

export function targetGroups(cloud: Cloud): Promise<readonly TargetGroup[]> {
  return cloud.once('elb:target-groups', async () => {
    const found: TargetGroup[] = []
    for await (const page of paginateDescribeTargetGroups({ client: await cloud.client('elb') }, {}))
      found.push(...(page.TargetGroups ?? []))
    return found
  })
}

export function listenersOf(arn: string, cloud: Cloud): Promise<readonly Listener[]> {
  return cloud.once(`elb:listeners:${arn}`, async () => {
    const found: Listener[] = []
    for await (const page of paginateDescribeListeners({ client: await cloud.client('elb') }, { LoadBalancerArn: arn }))
      found.push(...(page.Listeners ?? []))
    return found
  })
}

/** Tags of an object; those of all load balancers and target groups are asked for together, twenty at a time as AWS allows. */
export async function tagsOf(arn: string, cloud: Cloud): Promise<Tags> {
  const all = await cloud.once('elb:tags', async () => {
    const [balancers, groups] = await Promise.all([loadBalancers(cloud), targetGroups(cloud)])
    const arns = [
      ...balancers.flatMap((one) => one.LoadBalancerArn ?? []),
      ...groups.flatMap((one) => one.TargetGroupArn ?? []),
    ]
    return await describeTags(arns, cloud)
  })
  return all.get(arn) ?? {}
}

/** One that was deleted meanwhile fails the call for all of its twenty: then they are asked for one by one. */
async function describeTags(arns: readonly string[], cloud: Cloud): Promise<ReadonlyMap<string, Tags>> {
  const elb = await cloud.client('elb')
  const tags = new Map<string, Tags>()
  for (let from = 0; from < arns.length; from += 20) {
    const some = arns.slice(from, from + 20)
    try {
      const { TagDescriptions: found = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns: some }))
      for (const one of found) tags.set(one.ResourceArn ?? '', tagMap(one.Tags))
    } catch (error) {
      if (!isMissing(error)) throw error
      if (some.length > 1)
        for (const arn of some) for (const [one, its] of await describeTags([arn], cloud)) tags.set(one, its)
    }
  }
  return tags
}

type Tags = Readonly<Record<string, string>>
export type Attributes = Readonly<Record<string, string>>

export async function targetGroupAttributes(arn: string, cloud: Cloud): Promise<Attributes> {
  return await cloud.once(`elb:target-group-attributes:${arn}`, async () => {
    const { Attributes = [] } = await (
      await cloud.client('elb')
    ).send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }))
    return tagMap(Attributes)
  })
}

export async function loadBalancerAttributes(arn: string, cloud: Cloud): Promise<Attributes> {
  return await cloud.once(`elb:load-balancer-attributes:${arn}`, async () => {
    const { Attributes = [] } = await (
      await cloud.client('elb')
    ).send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }))
    return tagMap(Attributes)
  })
}
