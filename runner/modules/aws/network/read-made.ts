import type { NatGateway, RouteTable, Subnet as AwsSubnet, Tag } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { addresses as allAddresses } from '../elastic-ip/read.ts'
import { tagMap } from '../tags.ts'
import { blocksOf, normalCidr } from './blocks.ts'
import { openOf, placesOf, type Made, type Nat, type Network, type Subnet, type Table, type Want } from './design.ts'
import {
  dnsOf,
  endpoints,
  internetGateways,
  natGateways,
  routeTables,
  subnetsOf,
  vpcs,
  zoneNames,
} from './read-lists.ts'
import { partTag } from '../tags.ts'

type Tags = readonly Tag[] | undefined

/** A network by its name: the VPC that is ours (else a stranger's), with the parts that are ours, or would be if it was taken over. */
export async function readMade(want: Want, cloud: Cloud): Promise<Network | undefined> {
  const { name = '' } = want
  const marked = (tags: Tags): boolean =>
    tagMap(tags)['runner:playbook'] === cloud.playbook && tagMap(tags)[partTag] === name
  const [all, subnets, tables, gateways, nats, addresses, ends, available] = await Promise.all([
    vpcs(cloud),
    subnetsOf(cloud),
    routeTables(cloud),
    internetGateways(cloud),
    natGateways(cloud),
    allAddresses(cloud),
    endpoints(cloud),
    zoneNames(cloud),
  ])
  const subnetsIn = (id: string | undefined): readonly AwsSubnet[] => subnets.filter((one) => one.VpcId === id)
  const ours = all
    .filter((one) => marked(one.Tags))
    // of two the one that was gone on with
    .toSorted(
      (a, b) => subnetsIn(b.VpcId).length - subnetsIn(a.VpcId).length || (a.VpcId ?? '').localeCompare(b.VpcId ?? ''),
    )
  const vpc = ours[0] ?? all.find((one) => tagMap(one.Tags)['Name'] === name)
  const vpcId = vpc?.VpcId
  const foreign = vpc !== undefined && !marked(vpc.Tags)
  const mine = (tags: Tags): boolean => foreign || marked(tags)
  const cidr = vpc?.CidrBlock ?? normalCidr(want.cidr ?? '')
  const blocks = new Set(blocksOf(cidr).flatMap((one) => [one.public, one.private]))
  const inside = subnetsIn(vpcId)
  const own = inside.filter((one) => blocks.has(one.CidrBlock ?? '') && mine(one.Tags))
  const ids = new Set(own.map((one) => one.SubnetId))
  const ownTables = tables.filter(
    (one) =>
      one.VpcId === vpcId &&
      !one.Associations?.some(({ Main }) => Main) &&
      (foreign ? one.Associations?.some(({ SubnetId }) => ids.has(SubnetId)) : marked(one.Tags)),
  )
  const ownNats = nats.filter((one) => one.VpcId === vpcId && ids.has(one.SubnetId) && mine(one.Tags))
  const held = new Set(ownNats.flatMap((one) => (one.NatGatewayAddresses ?? []).map((two) => two.AllocationId)))
  const ownAddresses = addresses.filter((one) => marked(one.Tags) || (foreign && held.has(one.AllocationId)))
  const attached = gateways.find((one) => one.Attachments?.some(({ VpcId }) => vpcId !== undefined && VpcId === vpcId))
  const loose = gateways.filter((one) => marked(one.Tags) && !one.Attachments?.length)
  const gateway = attached ?? loose[0]
  const endpoint = ends.find(
    (one) => one.VpcId === vpcId && one.VpcEndpointType === 'Gateway' && marked(one.Tags) && isS3(one.ServiceName),
  )
  if (vpcId === undefined && ownAddresses.length === 0 && gateway === undefined) return undefined
  const dns = vpcId === undefined ? { support: false, names: false } : await dnsOf(vpcId, cloud)
  const parts = [...own, ...ownTables, ...ownNats, ...ownAddresses, ...(gateway ? [gateway] : [])]
  const made: Made = {
    ...(vpcId !== undefined && { vpc: vpcId }),
    state: vpc?.State ?? 'gone',
    dnsSupport: dns.support,
    dnsHostnames: dns.names,
    ...(attached?.InternetGatewayId !== undefined && { gateway: attached.InternetGatewayId }),
    subnets: own.map((one) => subnetFrom(one, tables)),
    taken: inside.filter((one) => !own.includes(one)).map((one) => one.CidrBlock ?? ''),
    tables: ownTables.map(tableFrom),
    nats: ownNats.map(natFrom),
    addresses: ownAddresses.map((one) => ({ id: one.AllocationId ?? '', name: tagMap(one.Tags)['Name'] ?? '' })),
    ...(endpoint && { endpoint: { id: endpoint.VpcEndpointId ?? '', tables: endpoint.RouteTableIds ?? [] } }),
    available,
    common: common([vpc?.Tags, ...parts.map((one) => one.Tags), ...(endpoint ? [endpoint.Tags] : [])]),
    spare: {
      vpcs: ours.slice(1).flatMap((one) => one.VpcId ?? []),
      gateways: loose.flatMap((one) => one.InternetGatewayId ?? []),
    },
  }
  const partIds = [...idsOf(made), ...made.spare.vpcs, ...made.spare.gateways]
  return {
    id: vpcId ?? partIds[0] ?? '',
    tags: tagMap(vpc?.Tags ?? parts[0]?.Tags),
    parts: partIds,
    pending: pendingOf(made),
    cidr,
    ...listed({ ...want, cidr }, made),
    made,
  }
}

/** All but the VPC. */
function idsOf(made: Made): readonly string[] {
  return [
    ...[...made.subnets, ...made.tables, ...made.nats, ...made.addresses].map(({ id }) => id),
    ...(made.gateway === undefined ? [] : [made.gateway]),
    ...(made.endpoint ? [made.endpoint.id] : []),
  ]
}

/** What is on its way, or left over from a run that was cut off. */
function pendingOf({ state, nats, addresses, spare }: Made): string | undefined {
  if (state === 'pending') return state
  const moving = nats.find((one) => one.state === 'pending' || one.state === 'deleting')
  if (moving) return `NAT gateway ${moving.state}`
  if (nats.some((one) => one.state === 'failed')) return 'NAT gateway failed'
  if (addresses.some(({ id }) => !nats.some((one) => one.address === id))) return 'an address too much'
  return spare.vpcs.length + spare.gateways.length > 0 ? 'there twice' : undefined
}

/** The subnets that stay, in the order of their zones. What is only wanted once something is known is not left out. */
function listed(want: Want, made: Made): Pick<Network, 'zones' | 'publicSubnets' | 'privateSubnets'> {
  const bySide = (side: 'public' | 'private') =>
    blocksOf(want.cidr ?? '').flatMap((block) => made.subnets.find((one) => one.cidr === block[side]) ?? [])
  const places = openOf(want) || want.zones === undefined ? undefined : placesOf(want, made)
  const zones = Array.isArray(places) ? places.map(({ zone }) => zone) : undefined
  const stay = (list: readonly Subnet[]): readonly Subnet[] =>
    zones ? zones.flatMap((zone) => list.find((one) => one.zone === zone) ?? []) : list
  const open = stay(bySide('public'))
  const closed = want.private === false ? [] : stay(bySide('private'))
  const idsIn = (list: readonly Subnet[]): readonly string[] => list.map(({ id }) => id)
  return {
    zones: open.map(({ zone }) => zone),
    publicSubnets: idsIn(open),
    privateSubnets: idsIn(closed.length > 0 ? closed : open),
  }
}

function subnetFrom(subnet: AwsSubnet, tables: readonly RouteTable[]): Subnet {
  const own = tables.find((one) => one.Associations?.some(({ SubnetId }) => SubnetId === subnet.SubnetId))
  const main = tables.find((one) => one.VpcId === subnet.VpcId && one.Associations?.some(({ Main }) => Main))
  const association = own?.Associations?.find(({ SubnetId }) => SubnetId === subnet.SubnetId)
  const leads = leadsOf(own ?? main)
  return {
    id: subnet.SubnetId ?? '',
    zone: subnet.AvailabilityZone ?? '',
    cidr: subnet.CidrBlock ?? '',
    publicIps: subnet.MapPublicIpOnLaunch === true,
    ...(leads !== undefined && { leads }),
    ...(own?.RouteTableId !== undefined && { table: own.RouteTableId }),
    ...(association?.RouteTableAssociationId !== undefined && { association: association.RouteTableAssociationId }),
  }
}

function tableFrom(table: RouteTable): Table {
  const leads = leadsOf(table)
  return {
    id: table.RouteTableId ?? '',
    name: tagMap(table.Tags)['Name'] ?? '',
    ...(leads !== undefined && { leads }),
    associations: (table.Associations ?? []).flatMap(({ RouteTableAssociationId: id, SubnetId: subnet }) =>
      id !== undefined && subnet !== undefined ? [{ id, subnet }] : [],
    ),
  }
}

/** Where all that is not for the VPC itself goes. A gateway that is gone leaves a black hole. */
function leadsOf(table: RouteTable | undefined): string | undefined {
  const route = table?.Routes?.find((one) => one.DestinationCidrBlock === '0.0.0.0/0')
  return (
    route && (route.GatewayId ?? route.NatGatewayId ?? route.NetworkInterfaceId ?? route.TransitGatewayId ?? 'other')
  )
}

function natFrom(one: NatGateway): Nat {
  const [address] = one.NatGatewayAddresses ?? []
  return {
    id: one.NatGatewayId ?? '',
    subnet: one.SubnetId ?? '',
    state: one.State ?? 'available',
    ...(address?.AllocationId !== undefined && { address: address.AllocationId }),
    ...(address?.PublicIp !== undefined && { publicIp: address.PublicIp }),
    ...(one.FailureMessage !== undefined && { message: one.FailureMessage }),
  }
}

/** Of an S3 gateway: com.amazonaws.eu-central-1.s3. */
function isS3(service = ''): boolean {
  return service.endsWith('.s3')
}

function common(all: readonly Tags[]): Readonly<Record<string, string>> {
  const [first = {}, ...others] = all.map((one) => tagMap(one))
  return Object.fromEntries(Object.entries(first).filter(([key, value]) => others.every((tags) => tags[key] === value)))
}
