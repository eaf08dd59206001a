import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::EC2::LaunchTemplate: LaunchTemplateData “Mutable”: a new version (EC2 API Reference,
// CreateLaunchTemplateVersion); nothing that runs is touched.
export const updates: Updates = {
  image: { disruption: 'none', usual: 5 },
  type: { disruption: 'none', usual: 5 },
  key_name: { disruption: 'none', usual: 5 },
  security_groups: { disruption: 'none', usual: 5 },
  iam_profile: { disruption: 'none', usual: 5 },
  user_data: { disruption: 'none', usual: 5 },
  metadata_hops: { disruption: 'none', usual: 5 },
  imds_tokens: { disruption: 'none', usual: 5 },
  keep: 'not compared',
  tags: { disruption: 'none', usual: 5 },
  root_volume: { disruption: 'none', usual: 5 },
}
