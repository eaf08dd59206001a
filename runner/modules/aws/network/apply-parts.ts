import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReplaceRouteTableAssociationCommand,
  type ResourceType,
  type TagSpecification,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import { errorName, isMissing } from '../errors.ts'
import { isOurs, partTag, tagList } from '../tags.ts'
import { overlap } from './blocks.ts'
import type { Args, Made, Place, Subnet, Table } from './design.ts'
import { lead } from './apply-routes.ts'
import { subnetsOf } from './read-lists.ts'
import { together } from './together.ts'

/** A part says from its first moment whose it is and of which network: what was made before a run was cut off is found. */
export function marks(
  want: Args,
  cloud: Cloud,
  kind: ResourceType,
  part?: string,
): { TagSpecifications: TagSpecification[] } {
  const Name = part === undefined ? (want.name ?? '') : partName(want, part)
  const tags = { ...want.tags, ...cloud.tags, [partTag]: want.name ?? '', Name }
  return { TagSpecifications: [{ ResourceType: kind, Tags: tagList(tags) }] }
}

export function partName({ name = '' }: Pick<Args, 'name'>, part: string): string {
  return `${name}-${part}`
}

/** What was made a moment ago need not be known to the next call (EC2 Developer Guide, Eventual consistency). */
export async function patiently<T>(what: string, cloud: Cloud, call: () => Promise<T>): Promise<T> {
  return await cloud.poll({
    what,
    every: 5,
    timeout: 120,
    look: async () => {
      try {
        return { done: await call() }
      } catch (error) {
        if (!isMissing(error)) throw error
        return { status: errorName(error) }
      }
    },
  })
}

export async function makeVpc(want: Args, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  await ec2.send(new CreateVpcCommand({ CidrBlock: want.cidr, ...marks(want, cloud, 'vpc') }))
}

/** Host names need the VPC's resolver. One attribute a call (EC2 API Reference, ModifyVpcAttribute). */
export async function setDns(want: Args, made: Made, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const VpcId = made.vpc ?? ''
  const names = want.dns_hostnames ?? true
  const modify = (one: object) =>
    patiently(`the VPC ${VpcId}`, cloud, () => ec2.send(new ModifyVpcAttributeCommand({ VpcId, ...one })))
  if (names && !made.dnsSupport) await modify({ EnableDnsSupport: { Value: true } })
  if (names !== made.dnsHostnames) await modify({ EnableDnsHostnames: { Value: names } })
}

/** The gateway of the VPC; one that an earlier run made and did not attach is taken. */
export async function makeGateway(want: Args, made: Made, cloud: Cloud): Promise<string> {
  if (made.gateway !== undefined) return made.gateway
  const ec2 = await cloud.client('ec2')
  const id =
    made.spare.gateways[0] ??
    (await ec2.send(new CreateInternetGatewayCommand(marks(want, cloud, 'internet-gateway')))).InternetGateway
      ?.InternetGatewayId ??
    ''
  await patiently(`the gateway ${id}`, cloud, () =>
    ec2
      .send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: made.vpc }))
      .catch(unless(/AlreadyAssociated/)),
  )
  return id
}

/** Subnets that are missing, and whether what is in them gets public addresses. */
export async function makeSubnets(want: Args, places: readonly Place[], made: Made, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const sides = want.private === false ? (['public'] as const) : (['public', 'private'] as const)
  const wanted = places.flatMap((place) => sides.map((side) => ({ side, zone: String(place.zone), cidr: place[side] })))
  await together(wanted, async ({ side, zone, cidr }) => {
    const there = made.subnets.find((one) => one.cidr === cidr)
    const ips = side === 'public'
    if (there?.publicIps === ips) return
    const SubnetId = there?.id ?? (await makeSubnet(want, { side, zone, cidr }, made.vpc ?? '', cloud))
    const modify = new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: ips } })
    // AWS gives none by itself (VPC User Guide, IP addressing attributes of a subnet)
    if (there || ips) await patiently(`the subnet ${SubnetId}`, cloud, () => ec2.send(modify))
  })
}

interface NewSubnet {
  readonly side: string
  readonly zone: string
  readonly cidr: string
}

/** Addresses are given once: one in use may be that which was made, and the answer got lost. */
async function makeSubnet(want: Args, { side, zone, cidr }: NewSubnet, VpcId: string, cloud: Cloud): Promise<string> {
  const ec2 = await cloud.client('ec2')
  const subnet = { VpcId, CidrBlock: cidr, AvailabilityZone: zone, ...marks(want, cloud, 'subnet', `${side}-${zone}`) }
  try {
    const made = await patiently(`the VPC ${VpcId}`, cloud, () => ec2.send(new CreateSubnetCommand(subnet)))
    return made.Subnet?.SubnetId ?? ''
  } catch (cause) {
    if (errorName(cause) !== 'InvalidSubnet.Conflict') throw cause
    return await cloud.poll({
      what: `the subnet ${cidr}`,
      every: 5,
      timeout: 120,
      look: async () => {
        cloud.changed('ec2:subnets')
        const [other] = (await subnetsOf(cloud)).filter(
          (one) => one.VpcId === VpcId && overlap(one.CidrBlock ?? '', cidr),
        )
        if (other?.SubnetId === undefined) return { status: 'not visible yet' }
        if (isOurs(other.Tags, cloud) && other.CidrBlock === cidr) return { done: other.SubnetId }
        throw failure('E744', `${cidr} is to be a subnet, but ${other.SubnetId} of ${VpcId} has ${other.CidrBlock}`, {
          hint: 'run plan again: another place is taken where there is one',
          cause,
        })
      },
    })
  }
}

/** A table for the public subnets, and one for each private one, so that only a route is to change when NAT gateways do. */
export async function makeTables(
  want: Args,
  places: readonly Place[],
  made: Made,
  gateway: string,
  cloud: Cloud,
): Promise<void> {
  const subnetOf = (cidr: string) => made.subnets.find((one) => one.cidr === cidr)
  const open = places.flatMap((place) => subnetOf(place.public) ?? [])
  const misled = open.filter((one) => one.leads !== gateway || one.table === undefined)
  if (misled.length > 0) {
    const table = await tableNamed(want, 'public', made, cloud)
    await lead(table, gateway, cloud)
    for (const subnet of misled) if (subnet.table !== table.id) await associate(table, subnet, cloud)
  }
  if (want.private === false) return
  await together(places, async ({ private: cidr, zone }) => {
    const subnet = subnetOf(cidr)
    if (!subnet || (subnet.table !== undefined && made.tables.some(({ id }) => id === subnet.table))) return
    const table = await tableNamed(want, `private-${String(zone)}`, made, cloud)
    await associate(table, subnet, cloud)
  })
}

async function tableNamed(want: Args, part: string, made: Made, cloud: Cloud): Promise<Table> {
  const name = partName(want, part)
  const there = made.tables.find((one) => one.name === name)
  if (there) return there
  const ec2 = await cloud.client('ec2')
  const { RouteTable: table } = await patiently(`the VPC ${made.vpc}`, cloud, () =>
    ec2.send(new CreateRouteTableCommand({ VpcId: made.vpc, ...marks(want, cloud, 'route-table', part) })),
  )
  return { id: table?.RouteTableId ?? '', name, associations: [] }
}

/** A subnet has one table; another takes its place without a gap. */
async function associate(table: Table, { id: SubnetId, association }: Subnet, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const RouteTableId = table.id
  await patiently(`the route table ${table.id}`, cloud, async () => {
    if (association !== undefined)
      await ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId: association, RouteTableId }))
    else await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId })).catch(unless(/AlreadyAssociated/))
  })
}

/** For `.catch`: what an answer that got lost has done already. */
function unless(name: RegExp): (error: unknown) => undefined {
  return (error) => {
    if (!name.test(errorName(error))) throw error
    return undefined
  }
}
