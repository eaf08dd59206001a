import {
  DeleteInternetGatewayCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  ModifyVpcEndpointCommand,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import { ignoreMissing, isInUse, isMissing } from '../errors.ts'
import { whoHolds } from '../read-interfaces.ts'
import { holders } from './read-holders.ts'
import type { Endpoint, Made, Table } from './design.ts'

/** How long is waited for what still uses something: network interfaces outlive what they belonged to by minutes. */
const patience = 1800

/** Deletes what AWS keeps as long as somebody uses it, saying who; when it is over, what is still used stays. */
async function deleteFree(
  what: string,
  cloud: Cloud,
  call: () => Promise<unknown>,
  who: () => Promise<string>,
  over: () => boolean = () => false,
): Promise<void> {
  await cloud.poll({
    what: `${what} to be unused`,
    every: 10,
    timeout: patience,
    look: async () => {
      try {
        await call()
        return { done: true }
      } catch (error) {
        if (isMissing(error)) return { done: true }
        if (!isInUse(error)) throw error
        return over() ? { done: true } : { status: await who() }
      }
    },
  })
}

export async function dropSubnet(SubnetId: string, cloud: Cloud, over: () => boolean): Promise<void> {
  const ec2 = await cloud.client('ec2')
  await deleteFree(
    `the subnet ${SubnetId}`,
    cloud,
    () => ec2.send(new DeleteSubnetCommand({ SubnetId })),
    () => whoHolds('subnet-id', SubnetId, cloud),
    over,
  )
}

export async function dropTable({ id, associations }: Table, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  for (const one of associations)
    await ec2.send(new DisassociateRouteTableCommand({ AssociationId: one.id })).catch(ignoreMissing)
  await deleteFree(
    `the route table ${id}`,
    cloud,
    () => ec2.send(new DeleteRouteTableCommand({ RouteTableId: id })),
    () => Promise.resolve('something still refers to it'),
  )
}

/** What could not be deleted stands in an answer that is none of an error. */
export async function dropEndpoint({ id }: Endpoint, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const answer = await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] })).catch(ignoreMissing)
  const [refused] = (answer?.Unsuccessful ?? []).filter((one) => !/NotFound/.test(one.Error?.Code ?? ''))
  if (refused) throw failure('E743', `the endpoint ${id} cannot be deleted: ${refused.Error?.Message}`)
}

/** Tables that go are taken out of it. */
export async function narrowEndpoint(endpoint: Endpoint, going: readonly string[], cloud: Cloud): Promise<void> {
  const RemoveRouteTableIds = going.filter((id) => endpoint.tables.includes(id))
  if (RemoveRouteTableIds.length === 0) return
  const ec2 = await cloud.client('ec2')
  await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: endpoint.id, RemoveRouteTableIds }))
}

/** It lets go of the VPC only when nothing in there has a public address any more (VPC User Guide, Delete an internet gateway). */
export async function dropGateway(InternetGatewayId: string, VpcId: string | undefined, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  if (VpcId !== undefined)
    await deleteFree(
      `the Internet gateway ${InternetGatewayId}`,
      cloud,
      () =>
        ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })).catch((error: unknown) => {
          // an answer that got lost
          if ((error as Error).name !== 'Gateway.NotAttached') throw error
        }),
      () => whoHolds('vpc-id', VpcId, cloud),
    )
  await deleteFree(
    `the Internet gateway ${InternetGatewayId}`,
    cloud,
    () => ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId })),
    () => Promise.resolve('still attached'),
  )
}

export async function dropVpc(VpcId: string, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  await deleteFree(
    `the VPC ${VpcId}`,
    cloud,
    () => ec2.send(new DeleteVpcCommand({ VpcId })),
    () => holders(VpcId, cloud),
  )
}

/** What an answer that got lost made a second time: nothing is in it. */
export async function dropSpare({ spare, gateway }: Made, cloud: Cloud): Promise<void> {
  if (gateway !== undefined) for (const id of spare.gateways) await dropGateway(id, undefined, cloud)
  for (const id of spare.vpcs) await dropVpc(id, cloud)
}
