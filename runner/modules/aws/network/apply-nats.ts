import {
  AllocateAddressCommand,
  CreateNatGatewayCommand,
  DeleteNatGatewayCommand,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import { errorName, ignoreMissing, isInUse } from '../errors.ts'
import { livingNats, natZones, zoneOf, type Args, type Made, type Nat, type Place, type Want } from './design.ts'
import { marks, partName, patiently } from './apply-parts.ts'
import { together } from './together.ts'

/** NAT gateways that are missing, each with an address of its own. One that failed is taken away: AWS does so only after an hour. */
export async function makeNats(want: Args, places: readonly Place[], made: Made, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const zones = natZones(want.nat, places, made)
  for (const { id } of made.nats.filter(({ state }) => state === 'failed'))
    await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id })).catch(ignoreMissing)
  const missing = zones.filter((zone) => !livingNats(made).some((one) => one.zone === zone))
  await together(missing, async (zone) => {
    const place = places.find((one) => one.zone === zone)
    const SubnetId = made.subnets.find(({ cidr }) => cidr === place?.public)?.id
    const part = `nat-${String(zone)}`
    const name = partName(want, part)
    const idle = made.addresses.find((one) => one.name === name && !made.nats.some(({ address }) => address === one.id))
    const AllocationId =
      idle?.id ??
      (await ec2.send(new AllocateAddressCommand({ Domain: 'vpc', ...marks(want, cloud, 'elastic-ip', part) })))
        .AllocationId
    await patiently(`the address ${AllocationId}`, cloud, () =>
      ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId, ...marks(want, cloud, 'natgateway', part) })),
    )
  })
}

/** Waits until what is wanted works; AWS says at once when one never will. */
export async function natsReady(
  want: Want,
  places: readonly Place[],
  look: () => Promise<Made | undefined>,
  cloud: Cloud,
): Promise<void> {
  if (want.nat !== 'one' && want.nat !== 'per_zone') return
  await cloud.poll({
    what: `NAT gateways of ${want.name} to be available`,
    every: 10,
    timeout: 900,
    look: async () => {
      const made = await look()
      const waits = natZones(want.nat, places, made).flatMap((zone) => {
        const nat = livingNats(made).find((one) => one.zone === zone)
        if (nat) return nat.state === 'available' ? [] : [`${nat.id} ${nat.state}`]
        const failed = made?.nats.find((one) => one.state === 'failed' && zoneOf(one, made) === zone)
        if (failed) throw failedNat(failed)
        return [`in ${String(zone)} not visible yet`]
      })
      return waits.length === 0 ? { done: true } : { status: waits.join(', ') }
    },
  })
}

function failedNat({ id, message }: Nat) {
  return failure('E787', `the NAT gateway ${id} failed: ${message ?? 'AWS does not say why'}`, {
    hint: 'run apply again when the cause is mended: another is made in its place',
  })
}

/** NAT gateways that nothing leads to any more go; an address is free only when its gateway is gone (VPC User Guide, Delete a NAT gateway). */
export async function dropNats(
  name: string,
  stays: (nat: Nat) => boolean,
  look: () => Promise<Made | undefined>,
  cloud: Cloud,
): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const asked = new Set<string>()
  const left = await cloud.poll({
    what: `NAT gateways of ${name} to be gone`,
    every: 10,
    timeout: 900,
    look: async () => {
      const made = await look()
      const going = (made?.nats ?? []).filter((one) => !stays(one))
      for (const { id, state } of going) {
        if (state === 'deleting' || asked.has(id)) continue
        await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id })).catch(ignoreMissing)
        asked.add(id)
      }
      if (going.length === 0) return { done: made }
      return { status: going.map(({ id, state }) => `${id} ${state}`).join(', ') }
    },
  })
  const idle = (left?.addresses ?? []).filter(({ id }) => !left?.nats.some(({ address }) => address === id))
  for (const { id } of idle) await release(id, cloud)
}

/** Shown as in use a little longer than it is. */
async function release(AllocationId: string, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  await cloud.poll({
    what: `the address ${AllocationId} to be free`,
    every: 5,
    timeout: 300,
    look: async () => {
      try {
        await ec2.send(new ReleaseAddressCommand({ AllocationId })).catch(ignoreMissing)
        return { done: true }
      } catch (error) {
        if (!isInUse(error)) throw error
        return { status: errorName(error) }
      }
    },
  })
}
