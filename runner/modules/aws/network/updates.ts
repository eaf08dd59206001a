import type { Updates } from '../../module.ts'

const subnets = { disruption: 'none', usual: 20 } as const

// CloudFormation, AWS::EC2::VPC, Subnet, Route, NatGateway, “Update requires”. Where something goes that is in use, diff says what that does.
export const updates: Updates = {
  zones: subnets,
  private: subnets,
  subnets,
  nat: { disruption: 'none', usual: 120 },
  internet_gateway: { disruption: 'none', usual: 5 },
  dns_hostnames: { disruption: 'none', usual: 5 },
  s3_endpoint: { disruption: 'none', usual: 10 },
  tags: { disruption: 'none', usual: 5 },
}
