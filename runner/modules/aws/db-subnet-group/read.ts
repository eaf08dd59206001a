import { ListTagsForResourceCommand, paginateDescribeDBSubnetGroups, type DBSubnetGroup } from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import { tagMap } from '../tags.ts'
import type { Args, Have } from './diff.ts'

/** The subnet group of that name. */
export async function read(want: Pick<Args, 'name'>, cloud: Cloud): Promise<Have | undefined> {
  const name = want.name.toLowerCase()
  const group = (await groups(cloud)).find((one) => one.DBSubnetGroupName?.toLowerCase() === name)
  if (!group) return undefined
  const arn = group.DBSubnetGroupArn ?? ''
  return {
    id: arn,
    arn,
    name,
    tags: await tagsOf(cloud, arn),
    description: group.DBSubnetGroupDescription ?? '',
    subnets: (group.Subnets ?? []).map((subnet) => subnet.SubnetIdentifier ?? ''),
  }
}

export function groups(cloud: Cloud): Promise<readonly DBSubnetGroup[]> {
  return cloud.once('rds:subnet-groups', async () => {
    const found: DBSubnetGroup[] = []
    for await (const page of paginateDescribeDBSubnetGroups({ client: await cloud.client('rds') }, {}))
      found.push(...(page.DBSubnetGroups ?? []))
    return found
  })
}

/** The description of a subnet group does not carry its tags. */
export function tagsOf(cloud: Cloud, arn: string): Promise<Readonly<Record<string, string>>> {
  return cloud.once(`rds:tags:${arn}`, async () => {
    const rds = await cloud.client('rds')
    return tagMap((await rds.send(new ListTagsForResourceCommand({ ResourceName: arn }))).TagList)
  })
}
