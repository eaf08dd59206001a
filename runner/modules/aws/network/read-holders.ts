import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { whoHolds } from '../read-interfaces.ts'
import { tagMap } from '../tags.ts'
import { routeTables, subnetsOf } from './read-lists.ts'

/** What keeps a VPC from being deleted: subnets, tables and groups that are not of the network, or network interfaces. */
export async function holders(vpc: string, cloud: Cloud): Promise<string> {
  cloud.changed('ec2:subnets')
  cloud.changed('ec2:route-tables')
  const { SecurityGroups: groups = [] } = await (
    await cloud.client('ec2')
  ).send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }))
  const subnets = (await subnetsOf(cloud)).filter((one) => one.VpcId === vpc)
  const tables = (await routeTables(cloud)).filter(
    (one) => one.VpcId === vpc && !one.Associations?.some(({ Main }) => Main),
  )
  const named = [
    ...subnets.map((one) => `the subnet ${one.SubnetId}${ownerOf(one.Tags)}`),
    ...tables.map((one) => `the route table ${one.RouteTableId}${ownerOf(one.Tags)}`),
    ...groups
      .filter((one) => one.GroupName !== 'default')
      .map((one) => `the security group ${one.GroupName} (${one.GroupId})${ownerOf(one.Tags)}`),
  ]
  return named.length === 0 ? await whoHolds('vpc-id', vpc, cloud) : `in it is ${named.slice(0, 3).join(', ')}`
}

function ownerOf(tags: Parameters<typeof tagMap>[0]): string {
  const owner = tagMap(tags)['runner:playbook']
  return owner === undefined ? ', which no playbook made' : ` of the playbook ${owner}`
}
