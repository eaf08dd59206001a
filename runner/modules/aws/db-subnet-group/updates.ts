import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::RDS::DBSubnetGroup: DBSubnetGroupDescription and SubnetIds “Mutable”, the name “Immutable”.
export const updates: Updates = {
  name: { disruption: 'none', usual: 5 },
  description: { disruption: 'none', usual: 5 },
  subnets: { disruption: 'none', usual: 5 },
}
