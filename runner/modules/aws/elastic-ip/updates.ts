import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::EC2::EIPAssociation: InstanceId “Conditional”: what goes through the former address of either instance
// breaks (EC2 API Reference, AssociateAddress).
export const updates: Updates = {
  instance: { disruption: 'restart', usual: 5 },
}
