import type { Cloud } from '../../../connections/cloud.ts'
import { subnetGroups, tagsOf } from '../read-rds.ts'
import type { Args, Have } from './diff.ts'

/** The subnet group of that name. */
export async function read(want: Pick<Args, 'name'>, cloud: Cloud): Promise<Have | undefined> {
  const name = want.name.toLowerCase()
  const group = (await subnetGroups(cloud)).find((one) => one.DBSubnetGroupName?.toLowerCase() === name)
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
