import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::EC2::SecurityGroup: GroupDescription, GroupName, VpcId “Immutable”, the rest “Mutable”; rules count at
// once for new connections (EC2 User Guide, Connection tracking).
export const updates: Updates = {
  description: { disruption: 'replace', usual: 60 },
  ingress: { disruption: 'none', usual: 5 },
  egress: { disruption: 'none', usual: 5 },
  tags: { disruption: 'none', usual: 5 },
}
