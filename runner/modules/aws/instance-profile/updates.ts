import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::IAM::Role and AWS::IAM::InstanceProfile: Path “Immutable”; policies, boundary, trust and the role in
// the profile “Mutable”: instances see them within seconds (IAM User Guide, Eventual consistency).
export const updates: Updates = {
  path: { disruption: 'replace', usual: 15 },
  policy: { disruption: 'none', usual: 10 },
  managed_policies: { disruption: 'none', usual: 10 },
  permissions_boundary: { disruption: 'none', usual: 10 },
  trusted: { disruption: 'none', usual: 10 },
  profile: { disruption: 'none', usual: 10 },
}
