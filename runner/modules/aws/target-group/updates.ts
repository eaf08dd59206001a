import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::ElasticLoadBalancingV2::TargetGroup: Port, Protocol, ProtocolVersion, VpcId, TargetType “Immutable”;
// health checks, attributes and targets “Mutable” (ELB API Reference, ModifyTargetGroup, ModifyTargetGroupAttributes).
export const updates: Updates = {
  port: { disruption: 'replace', usual: 60 },
  protocol: { disruption: 'replace', usual: 60 },
  vpc: { disruption: 'replace', usual: 60 },
  protocol_version: { disruption: 'replace', usual: 60 },
  targets: { disruption: 'none', usual: 30 },
  algorithm: { disruption: 'none', usual: 5 },
  target_type: { disruption: 'replace', usual: 60 },
  health_check: { disruption: 'none', usual: 30 },
  deregistration_delay: { disruption: 'none', usual: 5 },
  slow_start: { disruption: 'none', usual: 5 },
  stickiness: { disruption: 'none', usual: 5 },
}
