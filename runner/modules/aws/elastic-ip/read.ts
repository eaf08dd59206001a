import { DescribeAddressesCommand, type Address } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf } from '../../module.ts'
import { partTag, tagMap } from '../tags.ts'
import type { ElasticIp } from './diff.ts'
import type { args } from './schema.ts'

/** All addresses of the region: EC2 gives them in one answer. */
export function addresses(cloud: Cloud): Promise<readonly Address[]> {
  return cloud.once(
    'ec2:addresses',
    async () => (await (await cloud.client('ec2')).send(new DescribeAddressesCommand({}))).Addresses ?? [],
  )
}

/** Whether it belongs to a network's NAT gateway. */
export function isPart(tags: Address['Tags']): boolean {
  return tagMap(tags)[partTag] !== undefined
}

/** The address of that name: ours before a stranger's, one in use before an idle one. */
export async function read(want: Pick<ArgsOf<typeof args>, 'name'>, cloud: Cloud): Promise<ElasticIp | undefined> {
  const named = (await addresses(cloud)).filter(({ Tags }) => tagMap(Tags)['Name'] === want.name && !isPart(Tags))
  const ours = named
    .filter((one) => tagMap(one.Tags)['runner:playbook'] === cloud.playbook)
    .toSorted(
      (a, b) =>
        Number(b.AssociationId !== undefined) - Number(a.AssociationId !== undefined) ||
        (a.AllocationId ?? '').localeCompare(b.AllocationId ?? ''),
    )
  const found = ours[0] ?? named[0]
  if (!found?.AllocationId) return undefined
  const spare = ours.slice(1).flatMap((one) => (one.AssociationId ? [] : (one.AllocationId ?? [])))
  return {
    id: found.AllocationId,
    tags: tagMap(found.Tags),
    name: want.name,
    publicIp: found.PublicIp ?? '',
    association: found.AssociationId || undefined,
    instance: found.InstanceId || undefined,
    spare,
    parts: spare,
    ...(spare.length > 0 && { pending: 'there twice' }),
  }
}
