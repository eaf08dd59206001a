import {
  ListTagsForResourceCommand,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  paginateDescribeDBSubnetGroups,
  type DBCluster,
  type DBInstance,
  type DBSubnetGroup,
  type Tag,
} from '@aws-sdk/client-rds'
import type { Cloud } from '../../connections/cloud.ts'

/** All subnet groups for databases, read once. */
export function subnetGroups(cloud: Cloud): Promise<readonly DBSubnetGroup[]> {
  return cloud.once('rds:subnet-groups', async () => {
    const found: DBSubnetGroup[] = []
    for await (const page of paginateDescribeDBSubnetGroups({ client: await cloud.client('rds') }, {}))
      found.push(...(page.DBSubnetGroups ?? []))
    return found
  })
}

/** All database clusters, read once. */
export function clusters(cloud: Cloud): Promise<readonly DBCluster[]> {
  return cloud.once('rds:clusters', async () => {
    const found: DBCluster[] = []
    for await (const page of paginateDescribeDBClusters({ client: await cloud.client('rds') }, {}))
      found.push(...(page.DBClusters ?? []))
    return found
  })
}

/** All database instances, read once: the members of clusters are among them. */
export function instances(cloud: Cloud): Promise<readonly DBInstance[]> {
  return cloud.once('rds:instances', async () => {
    const found: DBInstance[] = []
    for await (const page of paginateDescribeDBInstances({ client: await cloud.client('rds') }, {}))
      found.push(...(page.DBInstances ?? []))
    return found
  })
}

/** Tags of what doesn't carry them in its description: subnet groups. */
export function tagsOf(cloud: Cloud, arn: string): Promise<Readonly<Record<string, string>>> {
  return cloud.once(`rds:tags:${arn}`, async () => {
    const rds = await cloud.client('rds')
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName: arn }))
    return tagMap(TagList)
  })
}

/** AWS's list of tags as a map. */
export function tagMap(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']))
}
