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

/** Which volumes, snapshots and parts of networks with a tag are really there, by id: the index may lag. */
export async function taggedThere(cloud: Cloud, key: string, value: string): Promise<ReadonlySet<string>> {
  const ec2 = await import('@aws-sdk/client-ec2')
  const client = await cloud.client('ec2')
  const Filters = [{ Name: `tag:${key}`, Values: [value] }]
  const found = new Set<string | undefined>()
  for await (const page of ec2.paginateDescribeVolumes({ client }, { Filters }))
    for (const one of page.Volumes ?? []) found.add(one.VolumeId)
  for await (const page of ec2.paginateDescribeSnapshots({ client }, { Filters, OwnerIds: ['self'] }))
    for (const one of page.Snapshots ?? []) found.add(one.SnapshotId)
  for await (const page of ec2.paginateDescribeSubnets({ client }, { Filters }))
    for (const one of page.Subnets ?? []) found.add(one.SubnetId)
  for await (const page of ec2.paginateDescribeRouteTables({ client }, { Filters }))
    for (const one of page.RouteTables ?? []) found.add(one.RouteTableId)
  for await (const page of ec2.paginateDescribeNatGateways({ client }, { Filter: Filters }))
    for (const one of page.NatGateways ?? []) if (one.State !== 'deleted') found.add(one.NatGatewayId)
  for await (const page of ec2.paginateDescribeVpcEndpoints({ client }, { Filters }))
    for (const one of page.VpcEndpoints ?? []) if (!/^delet/i.test(one.State ?? '')) found.add(one.VpcEndpointId)
  return new Set([...found].filter((id) => id !== undefined))
}
