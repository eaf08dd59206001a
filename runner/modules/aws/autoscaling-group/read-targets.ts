import { DescribeTargetHealthCommand, type TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { ignoreMissing } from '../errors.ts'
import { targetGroups } from '../read-elb.ts'

/**
 * What keeps load balancers from sending requests to a group's instances, in words; undefined: nothing. A target group that no balancer
 * uses has no health (ELB API Reference, TargetHealth: Target.NotInUse), so nothing is expected of it.
 */
export async function targetsPending(
  arns: readonly string[],
  instances: readonly string[],
  capacity: number,
  cloud: Cloud,
): Promise<string | undefined> {
  if (capacity === 0) return undefined
  for (const arn of arns) {
    const group = (await targetGroups(cloud)).find((one) => one.TargetGroupArn === arn)
    if (!group?.LoadBalancerArns?.length) continue
    const own = (await healthOf(arn, cloud)).filter((one) => instances.includes(one.Target?.Id ?? ''))
    const healthy = new Set(own.filter(isHealthy).map((one) => one.Target?.Id)).size
    if (healthy >= capacity) continue
    const { State, Reason, Description } = own.find((one) => !isHealthy(one))?.TargetHealth ?? {}
    const why = [Reason ?? State, Description].filter((text) => text !== undefined).join(', ')
    return `${healthy} of ${capacity} targets healthy in ${group.TargetGroupName}${why === '' ? '' : `: ${why}`}`
  }
  return undefined
}

/** Forgotten with the target groups themselves. */
async function healthOf(arn: string, cloud: Cloud): Promise<readonly TargetHealthDescription[]> {
  return await cloud.once(`elb:target-groups:health:${arn}`, async () => {
    const elb = await cloud.client('elb')
    const found = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })).catch(ignoreMissing)
    return found?.TargetHealthDescriptions ?? []
  })
}

/** Where checks are switched off AWS says `unavailable` of what it sends requests to. */
function isHealthy({ TargetHealth: { State, Reason } = {} }: TargetHealthDescription): boolean {
  return State === 'healthy' || (State === 'unavailable' && Reason === 'Target.HealthCheckDisabled')
}
