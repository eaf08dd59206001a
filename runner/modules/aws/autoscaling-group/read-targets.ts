import {
  DescribeTargetHealthCommand,
  type TargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { ignoreMissing } from '../errors.ts'
import { targetGroups } from '../read-elb.ts'

/**
 * What keeps load balancers from sending requests to a group's instances, in words; and which target groups no balancer uses: their targets have no
 * health (ELB API Reference, TargetHealth: Target.NotInUse), so nothing is expected of them.
 */
export async function targetsServing(
  arns: readonly string[],
  instances: readonly string[],
  capacity: number,
  cloud: Cloud,
): Promise<{ readonly lacks?: string; readonly unused: readonly string[] }> {
  if (capacity === 0) return { unused: [] }
  const groups = (await targetGroups(cloud)).filter((one) => arns.includes(one.TargetGroupArn ?? ''))
  const isUsed = (group: TargetGroup): boolean => (group.LoadBalancerArns?.length ?? 0) > 0
  const unused = groups.filter((group) => !isUsed(group)).map((group) => group.TargetGroupName ?? '')
  for (const group of groups.filter(isUsed)) {
    const own = (await healthOf(group.TargetGroupArn ?? '', cloud)).filter((one) =>
      instances.includes(one.Target?.Id ?? ''),
    )
    const healthy = new Set(own.filter(isHealthy).map((one) => one.Target?.Id)).size
    if (healthy >= capacity) continue
    const { State, Reason, Description } = own.find((one) => !isHealthy(one))?.TargetHealth ?? {}
    const why = [Reason ?? State, Description].filter((text) => text !== undefined).join(', ')
    return {
      lacks: `${healthy} of ${capacity} targets healthy in ${group.TargetGroupName}${why === '' ? '' : `: ${why}`}`,
      unused,
    }
  }
  return { unused }
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
