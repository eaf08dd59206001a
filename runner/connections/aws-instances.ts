import type { Instance } from '@aws-sdk/client-ec2'
import type { Values } from '../plan/unknown.ts'
import type { Cloud } from './cloud.ts'

/** An instance as a host. */
export interface InstanceHost {
  /** Its id: names are given twice, ids never. */
  readonly name: string
  readonly address?: string
  readonly pinAs: string
  readonly vars: Values
}

/** Instances that run (or are about to) and carry all of these tags, by one Describe; ended ones keep their tags for an hour. */
export async function taggedInstances(
  cloud: Cloud,
  { tags, address }: { readonly tags: Readonly<Record<string, string>>; readonly address: 'public' | 'private' },
): Promise<readonly InstanceHost[]> {
  const { paginateDescribeInstances } = await import('@aws-sdk/client-ec2')
  const Filters = [
    { Name: 'instance-state-name', Values: ['pending', 'running'] },
    ...Object.entries(tags).map(([name, value]) => ({ Name: `tag:${name}`, Values: [value] })),
  ]
  const found: InstanceHost[] = []
  for await (const page of paginateDescribeInstances({ client: await cloud.client('ec2') }, { Filters }))
    for (const one of (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []))
      found.push(hostOf(one, address))
  return found.toSorted((a, b) => a.name.localeCompare(b.name))
}

function hostOf(one: Instance, which: 'public' | 'private'): InstanceHost {
  const id = one.InstanceId ?? ''
  const tags = Object.fromEntries((one.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  const address = which === 'private' ? one.PrivateIpAddress : (one.PublicIpAddress ?? one.PrivateIpAddress)
  return {
    name: id,
    pinAs: id,
    ...(address !== undefined && { address }),
    vars: {
      ec2: {
        id,
        name: tags['Name'] ?? id,
        type: one.InstanceType ?? null,
        zone: one.Placement?.AvailabilityZone ?? null,
        image: one.ImageId ?? null,
        private_ip: one.PrivateIpAddress ?? null,
        public_ip: one.PublicIpAddress ?? null,
        tags,
      },
    },
  }
}
