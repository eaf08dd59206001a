import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::RDS::DBCluster: DBSubnetGroupName and DatabaseName “Immutable”, Engine and MasterUsername
// “Conditional”; all of these would lose the data here. It calls class and version “Mutable”, but not without an interruption: ModifyDBCluster,
// EngineVersion, “Changing this parameter results in an outage”; ModifyDBInstance, DBInstanceClass, “an outage occurs during the change”; RDS User
// Guide, Upgrading Multi-AZ DB clusters: reader by reader, then a failover. In the window instead with `apply_immediately: false`: diff says so.
// Storage: User Guide, Settings for DB instances, “Downtime doesn't occur”. Days of backups begin at 1, so that none is switched on by an outage.
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
  apply_immediately: 'not compared',
  final_snapshot: 'not compared',
}
