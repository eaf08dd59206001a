import type { Updates } from '../../module.ts'

// CloudFormation's resource specification: of AWS::EFS::FileSystem Encrypted, KmsKeyId and PerformanceMode “Immutable”, the rest “Mutable”; of
// AWS::EFS::MountTarget SubnetId “Immutable”, SecurityGroups “Mutable”. EFS API Reference, DeleteMountTarget: “forcibly breaks any mounts of the file
// system by using the mount target”. Where subnets are only added nothing is broken: diff says so.
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
