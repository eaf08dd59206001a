import type { Updates } from '../../module.ts'

// CloudFormation, AWS::EC2::EIP: no interruption of the address; connections to the former instance break.
export const updates: Updates = {
  instance: { disruption: 'restart', usual: 5 },
}
