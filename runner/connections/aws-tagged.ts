import type { Cloud } from './cloud.ts'

/** ARNs of everything that carries a tag, from AWS's index of tags. It lags by minutes: what was just deleted may still be in it. */
export async function taggedArns(cloud: Cloud, key: string, value: string): Promise<readonly string[]> {
  const { paginateGetResources } = await import('@aws-sdk/client-resource-groups-tagging-api')
  const found: string[] = []
  for await (const page of paginateGetResources(
    { client: await cloud.client('tagging') },
    { TagFilters: [{ Key: key, Values: [value] }] },
  ))
    found.push(...(page.ResourceTagMappingList ?? []).flatMap((one) => one.ResourceARN ?? []))
  return found.toSorted()
}

/** Which of these volumes and snapshots are really there, by id. */
export async function storageThere(cloud: Cloud, key: string, value: string): Promise<ReadonlySet<string>> {
  const { paginateDescribeSnapshots, paginateDescribeVolumes } = await import('@aws-sdk/client-ec2')
  const client = await cloud.client('ec2')
  const Filters = [{ Name: `tag:${key}`, Values: [value] }]
  const found = new Set<string>()
  for await (const page of paginateDescribeVolumes({ client }, { Filters }))
    for (const one of page.Volumes ?? []) found.add(one.VolumeId ?? '')
  for await (const page of paginateDescribeSnapshots({ client }, { Filters, OwnerIds: ['self'] }))
    for (const one of page.Snapshots ?? []) found.add(one.SnapshotId ?? '')
  return found
}
