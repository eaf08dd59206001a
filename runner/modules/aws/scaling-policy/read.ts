import { paginateDescribePolicies, type ScalingPolicy } from '@aws-sdk/client-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import type { args } from './schema.ts'

/** Policies carry no tags: whose the group is, his is the policy. */
export interface Policy extends Found {
  readonly name: string
  readonly target: number | undefined
  readonly warmup: number | undefined
  readonly scaleIn: boolean
}

export function policies(cloud: Cloud): Promise<readonly ScalingPolicy[]> {
  return cloud.once('autoscaling:policies', async () => {
    const found: ScalingPolicy[] = []
    for await (const page of paginateDescribePolicies({ client: await cloud.client('autoscaling') }, {}))
      found.push(...(page.ScalingPolicies ?? []))
    return found
  })
}

export async function read(
  want: Pick<ArgsOf<typeof args>, 'name' | 'group'>,
  cloud: Cloud,
): Promise<Policy | undefined> {
  const found = (await policies(cloud)).find(
    (policy) => policy.PolicyName === want.name && policy.AutoScalingGroupName === want.group,
  )
  if (!found) return undefined
  const tracking = found.TargetTrackingConfiguration
  return {
    id: found.PolicyARN ?? want.name,
    name: want.name,
    target: tracking?.TargetValue,
    warmup: found.EstimatedInstanceWarmup,
    scaleIn: !(tracking?.DisableScaleIn ?? false),
  }
}
