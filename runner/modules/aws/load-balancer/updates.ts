import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::ElasticLoadBalancingV2::LoadBalancer: Name, Scheme, Type “Immutable”, the rest “Mutable”; Listener and
// ListenerRule all “Mutable”. Its SubnetMappings are, too, but SetSubnets gives a zone that is enabled no other address (ELB API Reference).
export const updates: Updates = {
  scheme: { disruption: 'replace', usual: 180 },
  type: { disruption: 'replace', usual: 180 },
  addresses: { disruption: 'replace', usual: 180 },
  ip_address_type: { disruption: 'none', usual: 60 },
  drop_invalid_headers: { disruption: 'none', usual: 5 },
  deletion_protection: { disruption: 'none', usual: 5 },
  access_logs: { disruption: 'none', usual: 5 },
  subnets: { disruption: 'none', usual: 60 },
  security_groups: { disruption: 'none', usual: 5 },
  idle_timeout: { disruption: 'none', usual: 5 },
  listeners: { disruption: 'none', usual: 10 },
}
