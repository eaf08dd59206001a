import { randomUUID } from 'node:crypto'
import { CreateTagsCommand, CreateVpcEndpointCommand, ModifyVpcEndpointCommand } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import { partTag, tagList } from '../tags.ts'
import { makeNats, dropNats, natsReady } from './apply-nats.ts'
import { makeGateway, makeSubnets, makeTables, makeVpc, marks, setDns } from './apply-parts.ts'
import {
  dropEndpoint,
  dropGateway,
  dropSpare,
  dropSubnet,
  dropTable,
  dropVpc,
  narrowEndpoint,
} from './apply-removal.ts'
import { leadOut } from './apply-routes.ts'
import { normalCidr } from './blocks.ts'
import { livingNats, natZones, placesOf, type Args, type Made, type Network, type Place, type Want } from './design.ts'
import { readMade } from './read-made.ts'
import { together } from './together.ts'

/** Looks afresh. */
async function look(want: Args, cloud: Cloud): Promise<Made | undefined> {
  cloud.changed('ec2:')
  return (await readMade(want as Want, cloud))?.made
}

async function seen(want: Args, cloud: Cloud, what: string, enough: (made: Made) => boolean): Promise<Made> {
  return await cloud.poll({
    what: `${what} of ${want.name}`,
    every: 5,
    timeout: 120,
    look: async () => {
      const made = await look(want, cloud)
      return made && enough(made) ? { done: made } : { status: 'not visible yet' }
    },
  })
}

function placesIn(want: Args, made: Made): readonly Place[] {
  const places = placesOf({ ...want, cidr: normalCidr(want.cidr ?? '') } as Want, made)
  return places as readonly Place[]
}

function cidrsOf(want: Args, places: readonly Place[]): readonly string[] {
  return places.flatMap((place) => [place.public, ...(want.private === false ? [] : [place.private])])
}

/** Whether all tables that were made and given to subnets are seen. */
function hasTables(want: Args, places: readonly Place[], { subnets, tables }: Made): boolean {
  return cidrsOf(want, places).every((cidr) => {
    const table = subnets.find((one) => one.cidr === cidr)?.table
    return table !== undefined && tables.some(({ id }) => id === table)
  })
}

/**
 * Makes what is missing, each part found again by its tags. What goes, goes only when the network is ready: those who use it are
 * changed meanwhile.
 */
export async function apply(change: Change, want: Args, have: Network | undefined, cloud: Cloud): Promise<void> {
  if (have?.made?.vpc === undefined) await makeVpc(want, cloud)
  const vpc = await seen(want, cloud, 'the VPC', (made) => made.vpc !== undefined && made.state === 'available')
  await setDns(want, vpc, cloud)
  const gateway = await makeGateway(want, vpc, cloud)
  const places = placesIn(want, vpc)
  await makeSubnets(want, places, vpc, cloud)
  const cidrs = cidrsOf(want, places)
  const made = await seen(want, cloud, 'subnets', (now) =>
    cidrs.every((cidr) => now.subnets.some((one) => one.cidr === cidr)),
  )
  await makeTables(want, places, made, gateway, cloud)
  await makeNats(want, places, made, cloud)
  await makeEndpoint(want, places, cloud)
  if (have && want.tags && change.fields.some((field) => field.path === 'tags')) {
    const now = await readMade(want as Want, cloud)
    const Resources = [...new Set([now?.id ?? '', ...(now?.parts ?? [])])]
    await (await cloud.client('ec2')).send(new CreateTagsCommand({ Resources, Tags: tagList(want.tags) }))
  }
  cloud.changed('ec2:')
}

/** The way to S3 from all tables of the network. */
async function makeEndpoint(want: Args, places: readonly Place[], cloud: Cloud): Promise<void> {
  if (want.s3_endpoint !== true) return
  const made = await seen(want, cloud, 'tables', (now) => hasTables(want, places, now))
  const tables = made.tables.map(({ id }) => id)
  const ec2 = await cloud.client('ec2')
  if (!made.endpoint)
    await ec2.send(
      new CreateVpcEndpointCommand({
        VpcEndpointType: 'Gateway',
        VpcId: made.vpc,
        ServiceName: `com.amazonaws.${cloud.region}.s3`,
        // the client fills it in by itself for other calls; the same for all its attempts, another one for another endpoint
        ClientToken: randomUUID(),
        RouteTableIds: tables,
        ...marks(want, cloud, 'vpc-endpoint', 's3'),
      }),
    )
  else {
    const AddRouteTableIds = tables.filter((id) => made.endpoint?.tables.includes(id) === false)
    if (AddRouteTableIds.length > 0)
      await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: made.endpoint.id, AddRouteTableIds }))
  }
}

/** Waits for NAT gateways, leads the private subnets to them, and takes away what is no longer wanted: who used it is changed by now, or soon. */
export async function ready(want: Args, have: Network, cloud: Cloud): Promise<Network> {
  if (have.made === undefined) return have
  const wish = want as Want
  const now = (): Promise<Made | undefined> => look(want, cloud)
  const first = await seen(want, cloud, 'the VPC', (made) => made.vpc !== undefined)
  const places = placesIn(want, first)
  await natsReady(wish, places, now, cloud)
  const made = await seen(want, cloud, 'tables', (one) => hasTables(want, places, one))
  if (want.private !== false) await leadOut(wish, places, made, cloud)
  const zones = natZones(want.nat, places, made)
  const kept = new Set(zones.map((zone) => livingNats(made).find((one) => one.zone === zone)?.id))
  await dropNats(want.name ?? '', ({ id }) => kept.has(id), now, cloud)
  const cidrs = cidrsOf(want, places)
  const going = made.subnets.filter(({ cidr }) => !cidrs.includes(cidr))
  await together(going, ({ id }, over) => dropSubnet(id, cloud, over))
  const used = new Set(made.subnets.filter((one) => !going.includes(one)).map(({ table }) => table))
  const idle = made.tables.some(({ id }) => !used.has(id)) ? ((await now())?.tables ?? []) : []
  const last = idle.filter(({ id }) => !used.has(id))
  if (made.endpoint)
    await (want.s3_endpoint === true
      ? narrowEndpoint(
          made.endpoint,
          last.map(({ id }) => id),
          cloud,
        )
      : dropEndpoint(made.endpoint, cloud))
  for (const table of last) await dropTable(table, cloud)
  await dropSpare(made, cloud)
  cloud.changed('ec2:')
  return (await readMade(wish, cloud)) ?? have
}

/** Takes all of it away, each part when what needs it is gone. What is left after a run that was cut off is found the same way. */
export async function destroy(want: Args, { made: first }: Network, cloud: Cloud): Promise<void> {
  if (first === undefined) return
  const now = (): Promise<Made | undefined> => look(want, cloud)
  if (first.endpoint) await dropEndpoint(first.endpoint, cloud)
  await dropNats(want.name ?? '', () => false, now, cloud)
  const made = (await now()) ?? first
  await together(made.subnets, ({ id }, over) => dropSubnet(id, cloud, over))
  for (const table of (await now())?.tables ?? made.tables) await dropTable(table, cloud)
  if (made.gateway !== undefined) await dropGateway(made.gateway, made.vpc, cloud)
  for (const id of made.spare.gateways) await dropGateway(id, undefined, cloud)
  for (const id of [...(made.vpc === undefined ? [] : [made.vpc]), ...made.spare.vpcs]) await dropVpc(id, cloud)
  cloud.changed('ec2:')
}

/** Of the VPC and all parts: by these they are found. */
export async function tag(have: Network, tags: Readonly<Record<string, string>>, cloud: Cloud): Promise<void> {
  const name = have.tags?.['Name'] ?? ''
  const Resources = [...new Set([have.id, ...(have.parts ?? [])])]
  const ec2 = await cloud.client('ec2')
  await ec2.send(new CreateTagsCommand({ Resources, Tags: tagList({ ...tags, [partTag]: name }) }))
}
