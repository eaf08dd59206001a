import { DeletePolicyCommand, PutScalingPolicyCommand } from '@aws-sdk/client-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { isMissing } from '../errors.ts'
import { read, type Policy } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Putting a policy creates it or takes the place of the one there. */
export async function apply(_change: Change, want: Want, _have: Policy | undefined, cloud: Cloud): Promise<void> {
  await (
    await cloud.client('autoscaling')
  ).send(
    new PutScalingPolicyCommand({
      AutoScalingGroupName: want.group,
      PolicyName: want.name,
      PolicyType: 'TargetTrackingScaling',
      ...(want.warmup !== undefined && { EstimatedInstanceWarmup: want.warmup }),
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: want.target_cpu,
        DisableScaleIn: !(want.scale_in ?? true),
      },
    }),
  )
  cloud.changed('autoscaling:policies')
}

export async function ready(want: Want, have: Policy, cloud: Cloud): Promise<Policy> {
  return (await read(want, cloud)) ?? have
}

export async function destroy(want: Want, _have: Policy, cloud: Cloud): Promise<void> {
  await (
    await cloud.client('autoscaling')
  )
    .send(new DeletePolicyCommand({ AutoScalingGroupName: want.group, PolicyName: want.name }))
    .catch((error: unknown) => {
      if (!isMissing(error) && !/not found|unknown/i.test((error as Error).message)) throw error
    })
  cloud.changed('autoscaling:policies')
}
