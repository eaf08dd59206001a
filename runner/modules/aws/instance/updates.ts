import type { Updates } from '../../module.ts'

// CloudFormation, AWS::EC2::Instance, “Update requires”: the type by stopping and starting; image, subnet and key pair by Replacement.
export const updates: Updates = {
  type: { disruption: 'restart', usual: 120 },
  image: { disruption: 'data_loss', usual: 180 },
  subnet: { disruption: 'data_loss', usual: 180 },
  key_name: { disruption: 'data_loss', usual: 180 },
  security_groups: { disruption: 'none', usual: 5 },
  iam_profile: { disruption: 'none', usual: 5 },
  metadata_hops: { disruption: 'none', usual: 5 },
  imds_tokens: { disruption: 'none', usual: 5 },
  state: { disruption: 'none', usual: 60 },
  group: 'create only',
  image_owner: 'create only',
  public_ip: 'create only',
  address: 'create only',
  user_data: 'create only',
  root_volume: 'create only',
}
