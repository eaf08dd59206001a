import type { Updates } from '../../module.ts'

// CloudFormation, AWS::AutoScaling::ScalingPolicy: no interruption.
export const updates: Updates = {
  target_cpu: { disruption: 'none', usual: 5 },
  warmup: { disruption: 'none', usual: 5 },
  scale_in: { disruption: 'none', usual: 5 },
}
