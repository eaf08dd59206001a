import type { Updates } from '../../module.ts'

// CloudFormation, AWS::EC2::SecurityGroup, “Update requires”: the description by Replacement; rules count at once for new connections.
export const updates: Updates = {
  description: { disruption: 'replace', usual: 60 },
  ingress: { disruption: 'none', usual: 5 },
  egress: { disruption: 'none', usual: 5 },
  tags: { disruption: 'none', usual: 5 },
}
