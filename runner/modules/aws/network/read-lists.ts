import {
  DescribeAvailabilityZonesCommand,
  DescribeVpcAttributeCommand,
  paginateDescribeInternetGateways,
  paginateDescribeNatGateways,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcs,
  type InternetGateway,
  type NatGateway,
  type RouteTable,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'

export function vpcs(cloud: Cloud): Promise<readonly Vpc[]> {
  return cloud.once('ec2:vpcs', async () => {
    const found: Vpc[] = []
    for await (const page of paginateDescribeVpcs({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.Vpcs ?? []))
    return found
  })
}

export function subnetsOf(cloud: Cloud): Promise<readonly Subnet[]> {
  return cloud.once('ec2:subnets', async () => {
    const found: Subnet[] = []
    for await (const page of paginateDescribeSubnets({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.Subnets ?? []))
    return found
  })
}

export function routeTables(cloud: Cloud): Promise<readonly RouteTable[]> {
  return cloud.once('ec2:route-tables', async () => {
    const found: RouteTable[] = []
    for await (const page of paginateDescribeRouteTables({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.RouteTables ?? []))
    return found
  })
}

export function internetGateways(cloud: Cloud): Promise<readonly InternetGateway[]> {
  return cloud.once('ec2:internet-gateways', async () => {
    const found: InternetGateway[] = []
    for await (const page of paginateDescribeInternetGateways({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.InternetGateways ?? []))
    return found
  })
}

/** Without those that are gone: they are shown for an hour (VPC User Guide, NAT gateways). */
export function natGateways(cloud: Cloud): Promise<readonly NatGateway[]> {
  return cloud.once('ec2:nat-gateways', async () => {
    const found: NatGateway[] = []
    for await (const page of paginateDescribeNatGateways({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.NatGateways ?? []).filter((one) => one.State !== 'deleted'))
    return found
  })
}

export function endpoints(cloud: Cloud): Promise<readonly VpcEndpoint[]> {
  return cloud.once('ec2:vpc-endpoints', async () => {
    const found: VpcEndpoint[] = []
    for await (const page of paginateDescribeVpcEndpoints({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.VpcEndpoints ?? []).filter((one) => !/^delet/i.test(one.State ?? '')))
    return found
  })
}

/** Names of the zones of the region in which this account may make subnets; not its local or wavelength zones. */
export function zoneNames(cloud: Cloud): Promise<readonly string[]> {
  return cloud.once('ec2:zones', async () => {
    const { AvailabilityZones: found = [] } = await (
      await cloud.client('ec2')
    ).send(new DescribeAvailabilityZonesCommand({}))
    return found
      .filter((one) => one.State === 'available' && (one.ZoneType ?? 'availability-zone') === 'availability-zone')
      .flatMap((one) => one.ZoneName ?? [])
      .toSorted()
  })
}

/** Whether the VPC's resolver answers, and whether what is in it gets host names. */
export function dnsOf(VpcId: string, cloud: Cloud): Promise<{ readonly support: boolean; readonly names: boolean }> {
  return cloud.once(`ec2:vpcs:dns:${VpcId}`, async () => {
    const ec2 = await cloud.client('ec2')
    const [support, names] = await Promise.all([
      ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsSupport' })),
      ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' })),
    ])
    return { support: support.EnableDnsSupport?.Value === true, names: names.EnableDnsHostnames?.Value === true }
  })
}
