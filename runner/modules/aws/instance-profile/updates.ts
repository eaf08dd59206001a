import type { Updates } from '../../module.ts'

// CloudFormation, AWS::IAM::Role and AWS::IAM::InstanceProfile: the path by Replacement; instances see another policy within seconds.
export const updates: Updates = {
  path: { disruption: 'replace', usual: 15 },
  policy: { disruption: 'none', usual: 10 },
  managed_policies: { disruption: 'none', usual: 10 },
  permissions_boundary: { disruption: 'none', usual: 10 },
  trusted: { disruption: 'none', usual: 10 },
  profile: { disruption: 'none', usual: 10 },
}
