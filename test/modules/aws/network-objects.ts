import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2'

interface Tagged {
  readonly Tags?: Tag[] | undefined
}

/** Names of all parts of networks that are not the account's default one, sorted; what stands twice exists twice. */
export async function networkObjects(ec2: EC2Client): Promise<readonly string[]> {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}))
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}))
  const { InternetGateways = [] } = await ec2.send(new DescribeInternetGatewaysCommand({}))
  const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}))
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}))
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}))
  const own = new Set(Vpcs.filter((one) => !one.IsDefault).map((one) => one.VpcId))
  const kinds: readonly (readonly [kind: string, found: readonly Tagged[]])[] = [
    ['vpc', Vpcs.filter((one) => own.has(one.VpcId))],
    ['subnet', Subnets.filter((one) => own.has(one.VpcId))],
    // the main one comes and goes with the VPC
    ['table', RouteTables.filter((one) => own.has(one.VpcId) && !one.Associations?.some(({ Main }) => Main))],
    ['gateway', InternetGateways],
    ['nat', NatGateways],
    ['address', Addresses],
    ['endpoint', VpcEndpoints],
  ]
  return kinds
    .flatMap(([kind, found]) =>
      found.map(({ Tags = [] }) => `${kind} ${Tags.find(({ Key }) => Key === 'Name')?.Value ?? '?'}`),
    )
    .toSorted()
}
