import type { Updates } from '../../module.ts'

// CloudFormation, AWS::AutoScaling::AutoScalingGroup, “Update requires”: nothing of it interrupts by itself. A new version is rolled out
// by an instance refresh; other subnets make AWS balance the zones anew, which starts and ends instances (Auto Scaling User Guide, rebalancing).
export const updates: Updates = {
  launch_template: { disruption: 'rolling', usual: 900 },
  min_size: { disruption: 'none', usual: 5 },
  max_size: { disruption: 'none', usual: 5 },
  desired: { disruption: 'none', usual: 180 },
  subnets: { disruption: 'rolling', usual: 300 },
  target_groups: { disruption: 'none', usual: 60 },
  health_check: { disruption: 'none', usual: 5 },
  grace: { disruption: 'none', usual: 5 },
  refresh: 'not compared',
  warmup: { disruption: 'none', usual: 5 },
}
