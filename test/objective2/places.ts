import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2'
import { DescribeFileSystemsCommand, DescribeMountTargetsCommand } from '@aws-sdk/client-efs'
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { DescribeDBClustersCommand, DescribeDBSubnetGroupsCommand } from '@aws-sdk/client-rds'
import { clientsFor } from '../lab/aws-clients.ts'

/** In which subnets the parts of the mission are, by the names of these without their zones: `public` three times is one in each. */
export async function placesIn(endpoint: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { autoscaling, ec2, efs, elb, rds } = clientsFor(endpoint)
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
  const sideOf = (id: string | undefined): string => {
    const name = Subnets.find((one) => one.SubnetId === id)?.Tags?.find(({ Key }) => Key === 'Name')?.Value
    return /^bookstore-(\w+)-us-east-1[abc]$/.exec(name ?? '')?.[1] ?? `${id} ${name}`
  }
  const { AutoScalingGroups: [group] = [] } = await autoscaling.send(new DescribeAutoScalingGroupsCommand({}))
  const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({}))
  const { FileSystems: [files] = [] } = await efs.send(new DescribeFileSystemsCommand({}))
  const { MountTargets = [] } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId: files?.FileSystemId }))
  const { DBClusters: [cluster] = [] } = await rds.send(new DescribeDBClustersCommand({}))
  const { DBSubnetGroups: [subnets] = [] } = await rds.send(
    new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: cluster?.DBSubnetGroup }),
  )
  return {
    balancer: (balancer?.AvailabilityZones ?? []).map(({ SubnetId }) => sideOf(SubnetId)),
    database: (subnets?.Subnets ?? []).map(({ SubnetIdentifier }) => sideOf(SubnetIdentifier)),
    files: MountTargets.map(({ SubnetId }) => sideOf(SubnetId)),
    ...(group && { group: (group.VPCZoneIdentifier ?? '').split(',').map(sideOf) }),
  }
}
