import type { Updates } from '../../module.ts'

// CloudFormation, AWS::RDS::DBSubnetGroup: no interruption; a description is changed in place, too.
export const updates: Updates = {
  name: { disruption: 'none', usual: 5 },
  description: { disruption: 'none', usual: 5 },
  subnets: { disruption: 'none', usual: 5 },
}
