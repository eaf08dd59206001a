import type { RouteTable, Subnet } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import { tagMap } from '../tags.ts'
import type { Args, Network, Want } from './design.ts'
import { readMade } from './read-made.ts'
import { routeTables, subnetsOf, vpcs, zoneNames } from './read-lists.ts'

/** What of the arguments only a network that is made can have. */
const ofMade = ['name', 'private', 'nat', 'dns_hostnames', 's3_endpoint', 'tags'] as const

/** The network that a task makes, or the VPC that it looks up. */
export async function read(want: Args, cloud: Cloud): Promise<Network | undefined> {
  if (want.cidr !== undefined) return await readMade(want as Want, cloud)
  const strange = ofMade.find((argument) => want[argument] !== undefined)
  if (strange !== undefined)
    throw failure('E744', `${strange} is of a network that is made, and this one is looked up`, {
      hint: 'write cidr beside it to have the network made, or leave it out',
    })
  return await lookUp(want, cloud)
}

/** Finds the VPC and one public and one private subnet in each of so many zones. */
async function lookUp({ vpc: named = 'default', zones = 2 }: Args, cloud: Cloud): Promise<Network | undefined> {
  const vpc = (await vpcs(cloud)).find((one) =>
    named === 'default' ? one.IsDefault : one.VpcId === named || tagMap(one.Tags)['Name'] === named,
  )
  if (!vpc?.VpcId) return undefined
  const [subnets, tables] = await Promise.all([subnetsOf(cloud), routeTables(cloud)])
  const own = subnets
    .filter((subnet) => subnet.VpcId === vpc.VpcId && subnet.State !== 'pending')
    .filter((subnet) => typeof zones === 'number' || zones.includes(subnet.AvailabilityZone ?? ''))
    .toSorted(
      (a, b) =>
        (a.AvailabilityZone ?? '').localeCompare(b.AvailabilityZone ?? '') ||
        (a.SubnetId ?? '').localeCompare(b.SubnetId ?? ''),
    )
  const count = typeof zones === 'number' ? zones : zones.length
  const open = own.filter((subnet) => leadsOut(subnet, tables))
  const closed = own.filter((subnet) => !open.includes(subnet))
  const publicOnes = onePerZone(open.length > 0 ? open : own, count)
  const privateOnes = closed.length > 0 ? onePerZone(closed, count) : publicOnes
  if (publicOnes.length < count) {
    throw failure('E783', `the VPC ${vpc.VpcId} has subnets in ${publicOnes.length} zones, ${count} are wanted`, {
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

/** That the region has the zones that are wanted is asked before anything is made. */
export async function check({ zones = 2 }: Args, _have: Network | undefined, cloud: Cloud): Promise<void> {
  const there = await zoneNames(cloud)
  const say = (message: string) => failure('E783', message, { hint: `it has ${there.join(', ')}` })
  if (typeof zones === 'number' && zones > there.length)
    throw say(`${cloud.region} has ${there.length} availability zones, ${zones} are wanted`)
  const strange = Array.isArray(zones)
    ? zones.find((zone) => typeof zone === 'string' && !there.includes(zone))
    : undefined
  if (strange !== undefined) throw say(`${cloud.region} has no availability zone ${strange}`)
}
