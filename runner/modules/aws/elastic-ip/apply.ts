import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { errorName, ignoreMissing, isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import type { ElasticIp } from './diff.ts'
import { read } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Allocates the address and lets it lead to the instance, away from any other. */
export async function apply(_change: Change, want: Want, have: ElasticIp | undefined, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  let id = have?.id
  if (id === undefined) {
    const made = await ec2.send(
      new AllocateAddressCommand({
        Domain: 'vpc',
        TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: tagList({ ...cloud.tags, Name: want.name }) }],
      }),
    )
    id = made.AllocationId ?? ''
  }
  if (want.instance !== undefined && want.instance !== have?.instance) await associate(id, want.instance, cloud)
  cloud.changed('ec2:addresses')
  cloud.changed('ec2:instances')
  await cloud.poll({
    what: `address ${want.name}`,
    every: 2,
    timeout: 120,
    look: async () => {
      if (await read(want, cloud)) return { done: true }
      cloud.changed('ec2:addresses')
      return { status: 'not visible yet' }
    },
  })
}

/** EC2 refuses while the instance is still starting (IncorrectInstanceState, IncorrectState) or not visible everywhere. */
async function associate(AllocationId: string, InstanceId: string, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  await cloud.poll({
    what: `${InstanceId} to take the address`,
    every: 5,
    timeout: 300,
    look: async () => {
      try {
        await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId, AllowReassociation: true }))
        return { done: true }
      } catch (error) {
        if (!isMissing(error) && !/^Incorrect(Instance)?State$|^InvalidInstanceID$/.test(errorName(error))) throw error
        return { status: errorName(error) }
      }
    },
  })
}

/** A second address costs money and leads nowhere. */
export async function ready(want: Want, have: ElasticIp, cloud: Cloud): Promise<ElasticIp> {
  if (have.spare.length === 0) return have
  const ec2 = await cloud.client('ec2')
  for (const AllocationId of have.spare)
    await ec2.send(new ReleaseAddressCommand({ AllocationId })).catch(ignoreMissing)
  cloud.changed('ec2:addresses')
  return (await read(want, cloud)) ?? have
}

/** An idle address costs more than one in use, so it is given back. */
export async function destroy(_want: Want, have: ElasticIp, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  if (have.association !== undefined)
    await ec2.send(new DisassociateAddressCommand({ AssociationId: have.association })).catch(ignoreMissing)
  for (const AllocationId of [have.id, ...have.spare])
    await ec2.send(new ReleaseAddressCommand({ AllocationId })).catch(ignoreMissing)
  cloud.changed('ec2:addresses')
  cloud.changed('ec2:instances')
}
