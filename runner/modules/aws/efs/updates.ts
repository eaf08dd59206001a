import type { Updates } from '../../module.ts'

// CloudFormation, AWS::EFS::FileSystem and AWS::EFS::MountTarget, “Update requires”: encryption and performance mode are Replacement, and so are the
// subnets of mount targets: who mounts through one that goes must mount again.
export const updates: Updates = {
  encrypted: { disruption: 'data_loss', usual: 120 },
  performance: { disruption: 'data_loss', usual: 120 },
  throughput: { disruption: 'none', usual: 15 },
  provisioned_mibps: { disruption: 'none', usual: 15 },
  lifecycle: { disruption: 'none', usual: 5 },
  backup: { disruption: 'none', usual: 5 },
  subnets: { disruption: 'restart', usual: 90 },
  security_groups: { disruption: 'none', usual: 5 },
}
