import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::Route53::RecordSet: TTL, ResourceRecords, AliasTarget “Mutable”, the name “Immutable”; in sync within
// 60 s (Route 53 Developer Guide), and seen when caches ran out.
export const updates: Updates = {
  alias: { disruption: 'none', usual: 60 },
  values: { disruption: 'none', usual: 60 },
  ttl: { disruption: 'none', usual: 60 },
}
