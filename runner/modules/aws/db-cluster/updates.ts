import type { Updates } from '../../module.ts'

// CloudFormation, AWS::RDS::DBCluster, “Update requires”, and RDS User Guide, “Settings for modifying Multi-AZ DB clusters”: class and version
// are changed reader by reader and then by a failover; what says Replacement there would lose the data here.
export const updates: Updates = {
  engine: { disruption: 'data_loss', usual: 1200 },
  topology: { disruption: 'data_loss', usual: 1200 },
  username: { disruption: 'data_loss', usual: 1200 },
  subnet_group: { disruption: 'data_loss', usual: 1200 },
  database: { disruption: 'data_loss', usual: 1200 },
  version: { disruption: 'failover', usual: 1800 },
  class: { disruption: 'failover', usual: 900 },
  readers: { disruption: 'none', usual: 600 },
  storage: { disruption: 'none', usual: 1800 },
  security_groups: { disruption: 'none', usual: 60 },
  backup_days: { disruption: 'none', usual: 60 },
  deletion_protection: { disruption: 'none', usual: 15 },
  serverless: { disruption: 'none', usual: 60 },
  reader_scaling: { disruption: 'none', usual: 15 },
  backup_window: { disruption: 'none', usual: 15 },
  maintenance_window: { disruption: 'none', usual: 15 },
  // connections that are open stay; those that come later are refused unless they are encrypted
  require_tls: { disruption: 'none', usual: 60 },
  apply_immediately: 'create only',
  final_snapshot: 'create only',
}
