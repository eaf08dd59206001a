import { CreateRouteCommand, DeleteRouteCommand, ReplaceRouteCommand } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { errorName, isMissing } from '../errors.ts'
import { livingNats, natZones, type Made, type Place, type Table, type Want } from './design.ts'
import { together } from './together.ts'

/** All that is not for the VPC itself. */
const everything = '0.0.0.0/0'

/** Lets a table lead to a gateway, or nowhere. */
export async function lead(table: Table, to: string | undefined, cloud: Cloud): Promise<void> {
  if (table.leads === to) return
  const ec2 = await cloud.client('ec2')
  const route = { RouteTableId: table.id, DestinationCidrBlock: everything }
  const target = to?.startsWith('nat-') ? { NatGatewayId: to } : { GatewayId: to }
  await cloud.poll({
    what: `the route of ${table.name} to ${to ?? 'be gone'}`,
    every: 5,
    timeout: 300,
    look: async () => {
      try {
        if (to === undefined) await ec2.send(new DeleteRouteCommand(route))
        else if (table.leads === undefined) await ec2.send(new CreateRouteCommand({ ...route, ...target }))
        else await ec2.send(new ReplaceRouteCommand({ ...route, ...target }))
        return { done: true }
      } catch (error) {
        if (to === undefined && isMissing(error)) return { done: true }
        // an answer that got lost: the route is there
        if (errorName(error) === 'RouteAlreadyExists') {
          await ec2.send(new ReplaceRouteCommand({ ...route, ...target }))
          return { done: true }
        }
        if (!isMissing(error)) throw error
        return { status: errorName(error) }
      }
    },
  })
}

/** Lets the private subnets lead to the NAT gateways that they are to have. */
export async function leadOut(want: Want, places: readonly Place[], made: Made, cloud: Cloud): Promise<void> {
  const nats = livingNats(made)
  const zones = natZones(want.nat, places, made)
  await together(places, async (place) => {
    const subnet = made.subnets.find((one) => one.cidr === place.private)
    const table = made.tables.find((one) => one.id === subnet?.table)
    const zone = want.nat === 'per_zone' ? place.zone : zones[0]
    if (table) await lead(table, nats.find((one) => one.zone === zone)?.id, cloud)
  })
}
