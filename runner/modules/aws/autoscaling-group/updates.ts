import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::AutoScaling::AutoScalingGroup: all “Mutable”, only the name by replacement. What that leaves out is
// in the API Reference and the User Guide: another template counts for new instances only, so that an instance refresh rolls it out (all at once with
// `min_healthy: 0`, which diff says); other subnets replace instances in those that go, and AWS balances the zones anew (CloudFormation,
// VPCZoneIdentifier; User Guide, Rebalancing); bounds below the number there is end instances (UpdateAutoScalingGroup), which diff's `why` counts.
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
