import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Cluster } from './read.ts'

/** What Application Auto Scaling calls the readers of a cluster. */
export function scaledReaders(name: string) {
  return {
    ServiceNamespace: 'rds',
    ResourceId: `cluster:${name}`,
    ScalableDimension: 'rds:cluster:ReadReplicaCount',
  } as const
}

export async function readerScaling(name: string, cloud: Cloud): Promise<Cluster['readerScaling']> {
  return await cloud.once(`rds:scaling:${name}`, async () => {
    const scaling = await cloud.client('scaling')
    const { ServiceNamespace, ResourceId, ScalableDimension } = scaledReaders(name)
    const { ScalableTargets: [target] = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId], ScalableDimension }),
    )
    if (!target) return undefined
    const { ScalingPolicies: policies = [] } = await scaling.send(
      new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId, ScalableDimension }),
    )
    const policy = policies.find((one) => one.PolicyType === 'TargetTrackingScaling')
    return {
      min: target.MinCapacity ?? 0,
      max: target.MaxCapacity ?? 0,
      target_cpu: policy?.TargetTrackingScalingPolicyConfiguration?.TargetValue ?? 0,
    }
  })
}
