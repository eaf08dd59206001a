import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::EC2::Instance: InstanceType “Conditional”, by stopping and starting; ImageId, SubnetId, KeyName
// “Immutable”, and the root volume goes with the instance. SecurityGroupIds is “Conditional” only outside of a VPC (EC2 API Reference,
// ModifyInstanceAttribute, Groups). The profile and the metadata options are changed while it runs (ReplaceIamInstanceProfileAssociation,
// ModifyInstanceMetadataOptions).
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
  group: 'not compared',
  image_owner: 'create only',
  public_ip: 'create only',
  address: 'not compared',
  user_data: 'create only',
  root_volume: 'create only',
}
