import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::AutoScaling::ScalingPolicy: all “Mutable” but the group's name.
export const updates: Updates = {
  target_cpu: { disruption: 'none', usual: 5 },
  warmup: { disruption: 'none', usual: 5 },
  scale_in: { disruption: 'none', usual: 5 },
}
