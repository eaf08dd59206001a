import {
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  type RouteTable,
  type Subnet,
  type Vpc,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { tagMap } from '../tags.ts'
import type { args } from './schema.ts'

export interface Network extends Found {
  readonly cidr: string
  readonly zones: readonly string[]
  readonly publicSubnets: readonly string[]
  readonly privateSubnets: readonly string[]
}

/** Finds the VPC and one public and one private subnet in each of so many zones. */
export async function read(want: ArgsOf<typeof args>, cloud: Cloud): Promise<Network | undefined> {
  const { vpc: named = 'default', zones = 2 } = want
  const vpc = (await vpcs(cloud)).find((one) =>
    named === 'default' ? one.IsDefault : one.VpcId === named || tagMap(one.Tags)['Name'] === named,
  )
  if (!vpc?.VpcId) return undefined
  const [subnets, tables] = await Promise.all([subnetsOf(cloud), routeTables(cloud)])
  const own = subnets
    .filter((subnet) => subnet.VpcId === vpc.VpcId && subnet.State !== 'pending')
    .toSorted(
      (a, b) =>
        (a.AvailabilityZone ?? '').localeCompare(b.AvailabilityZone ?? '') ||
        (a.SubnetId ?? '').localeCompare(b.SubnetId ?? ''),
    )
  const open = own.filter((subnet) => leadsOut(subnet, tables))
  const closed = own.filter((subnet) => !open.includes(subnet))
  const publicOnes = onePerZone(open.length > 0 ? open : own, zones)
  const privateOnes = closed.length > 0 ? onePerZone(closed, zones) : publicOnes
  if (publicOnes.length < zones) {
    throw failure('E751', `the VPC ${vpc.VpcId} has subnets in ${publicOnes.length} zones, ${zones} are wanted`, {
      hint: 'make subnets in more zones, ask for fewer, or name another VPC',
    })
  }
  const ids = (list: readonly Subnet[]): readonly string[] => list.map((subnet) => subnet.SubnetId ?? '')
  return {
    id: vpc.VpcId,
    cidr: vpc.CidrBlock ?? '',
    zones: publicOnes.map((subnet) => subnet.AvailabilityZone ?? ''),
    publicSubnets: ids(publicOnes),
    privateSubnets: ids(privateOnes),
  }
}

function onePerZone(subnets: readonly Subnet[], zones: number): readonly Subnet[] {
  const seen = new Set<string>()
  return subnets
    .filter((subnet) => !seen.has(subnet.AvailabilityZone ?? '') && seen.add(subnet.AvailabilityZone ?? ''))
    .slice(0, zones)
}

/** Public is what routes to an Internet gateway, by its own table or by the VPC's main one. */
function leadsOut(subnet: Subnet, tables: readonly RouteTable[]): boolean {
  const own = tables.find((table) => table.Associations?.some((one) => one.SubnetId === subnet.SubnetId))
  const table =
    own ?? tables.find((one) => one.VpcId === subnet.VpcId && one.Associations?.some((association) => association.Main))
  return table?.Routes?.some((route) => route.GatewayId?.startsWith('igw-')) ?? subnet.MapPublicIpOnLaunch ?? false
}

function vpcs(cloud: Cloud): Promise<readonly Vpc[]> {
  return cloud.once('ec2:vpcs', async () => {
    const found: Vpc[] = []
    for await (const page of paginateDescribeVpcs({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.Vpcs ?? []))
    return found
  })
}

function subnetsOf(cloud: Cloud): Promise<readonly Subnet[]> {
  return cloud.once('ec2:subnets', async () => {
    const found: Subnet[] = []
    for await (const page of paginateDescribeSubnets({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.Subnets ?? []))
    return found
  })
}

function routeTables(cloud: Cloud): Promise<readonly RouteTable[]> {
  return cloud.once('ec2:route-tables', async () => {
    const found: RouteTable[] = []
    for await (const page of paginateDescribeRouteTables({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.RouteTables ?? []))
    return found
  })
}
