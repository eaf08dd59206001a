import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2'
import { CreateFileSystemCommand, CreateMountTargetCommand, DeleteFileSystemCommand } from '@aws-sdk/client-efs'
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  CreateDBClusterCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBClusterCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBClustersCommand,
} from '@aws-sdk/client-rds'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { refused, type Clients } from './aws-clients.ts'
import type { Question } from './question.ts'

const aurora = { DBClusterIdentifier: 'shop', Engine: 'aurora-mysql', MasterUsername: 'shop' } as const
const managed = { ...aurora, ManageMasterUserPassword: true }
const multi = { DBClusterInstanceClass: 'db.m6gd.large', AllocatedStorage: 100, StorageType: 'gp3' }
async function subnets({ ec2 }: Clients, count: number): Promise<string[]> {
  const { Subnets: all = [] } = await ec2.send(new DescribeSubnetsCommand({}))
  return all.map((one) => one.SubnetId ?? '').slice(0, count)
}

/** Load balancers, databases, files and parameters. */
export const questionsOfOthers: readonly Question[] = [
  [
    'a load balancer of the same name and settings',
    async (aws) => {
      const make = new CreateLoadBalancerCommand({ Name: 'same', Subnets: await subnets(aws, 2) })
      const first = await aws.elb.send(make)
      const second = await aws.elb.send(make).catch((error: unknown) => String((error as Error).name))
      return typeof second === 'string'
        ? second
        : second.LoadBalancers?.[0]?.LoadBalancerArn === first.LoadBalancers?.[0]?.LoadBalancerArn
    },
    true,
    'DuplicateLoadBalancerNameException',
  ],
  [
    'a load balancer that is not there',
    async ({ elb }) => await refused(elb.send(new DescribeLoadBalancersCommand({ Names: ['none'] }))),
    'LoadBalancerNotFoundException',
  ],
  [
    'a load balancer deleted twice',
    async (aws) => {
      const { LoadBalancers: [made] = [] } = await aws.elb.send(
        new CreateLoadBalancerCommand({ Name: 'gone', Subnets: await subnets(aws, 2) }),
      )
      const { LoadBalancerArn } = made ?? {}
      await aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))
      return await refused(aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn })))
    },
    'not refused',
  ],
  [
    'a target group of the same name and other settings',
    async ({ elb, ec2 }) => {
      const { Subnets: [one] = [] } = await ec2.send(new DescribeSubnetsCommand({}))
      const make = { Name: 'same', Protocol: 'HTTP', VpcId: one?.VpcId } as const
      await elb.send(new CreateTargetGroupCommand({ ...make, Port: 80 }))
      return await refused(elb.send(new CreateTargetGroupCommand({ ...make, Port: 81 })))
    },
    'DuplicateTargetGroupNameException',
  ],
  [
    'a DB cluster of the same name',
    async ({ rds }) => {
      await rds.send(new CreateDBClusterCommand(managed))
      return await refused(rds.send(new CreateDBClusterCommand(managed)))
    },
    'DBClusterAlreadyExistsFault',
  ],
  [
    'a DB cluster deleted without a word on a snapshot',
    async ({ rds }) => {
      await rds.send(new CreateDBClusterCommand({ ...managed, DBClusterIdentifier: 'snap' }))
      return await refused(rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: 'snap' })))
    },
    'InvalidParameterCombination',
    'not refused',
  ],
  [
    'a protected DB cluster deleted',
    async ({ rds }) => {
      await rds.send(new CreateDBClusterCommand({ ...managed, DBClusterIdentifier: 'kept', DeletionProtection: true }))
      return await refused(
        rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: 'kept', SkipFinalSnapshot: true })),
      )
    },
    'InvalidParameterCombination',
  ],
  [
    'class and members of a Multi-AZ DB cluster',
    async ({ rds }) => {
      const make = { ...managed, ...multi, DBClusterIdentifier: 'multi', Engine: 'mysql' }
      await rds.send(new CreateDBClusterCommand(make))
      const ask = new DescribeDBClustersCommand({ DBClusterIdentifier: 'multi' })
      const { DBClusters: [one] = [] } = await rds.send(ask)
      return [one?.DBClusterInstanceClass, one?.DBClusterMembers?.length]
    },
    ['db.m6gd.large', 3],
    [undefined, 0],
  ],
  [
    'a DB cluster that is not there',
    async ({ rds }) => await refused(rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'none' }))),
    'DBClusterNotFoundFault',
  ],
  [
    'a subnet group that is not there deleted',
    async ({ rds }) => await refused(rds.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: 'none' }))),
    'DBSubnetGroupNotFoundFault',
  ],
  [
    'a subnet group of one zone',
    async (aws) => {
      const make = { DBSubnetGroupName: 'one', DBSubnetGroupDescription: 'a', SubnetIds: await subnets(aws, 1) }
      return await refused(aws.rds.send(new CreateDBSubnetGroupCommand(make)))
    },
    'DBSubnetGroupDoesNotCoverEnoughAZs',
    'not refused',
  ],
  [
    'a file system of the same token',
    async ({ efs }) => {
      await efs.send(new CreateFileSystemCommand({ CreationToken: 'files' }))
      return await refused(efs.send(new CreateFileSystemCommand({ CreationToken: 'files' })))
    },
    'FileSystemAlreadyExists',
    'not refused',
  ],
  [
    'a second mount target in a zone',
    async (aws) => {
      const { FileSystemId = '' } = await aws.efs.send(new CreateFileSystemCommand({ CreationToken: 'twice' }))
      const [SubnetId] = await subnets(aws, 1)
      const make = new CreateMountTargetCommand({ FileSystemId, SubnetId })
      await aws.efs.send(make)
      return await refused(aws.efs.send(make))
    },
    'MountTargetConflict',
  ],
  [
    'a file system deleted that has mount targets',
    async (aws) => {
      const { FileSystemId = '' } = await aws.efs.send(new CreateFileSystemCommand({ CreationToken: 'mounted' }))
      const [SubnetId] = await subnets(aws, 1)
      await aws.efs.send(new CreateMountTargetCommand({ FileSystemId, SubnetId }))
      return await refused(aws.efs.send(new DeleteFileSystemCommand({ FileSystemId })))
    },
    'FileSystemInUse',
  ],
  [
    'a parameter that is not there',
    async ({ ssm }) => await refused(ssm.send(new GetParameterCommand({ Name: '/none' }))),
    'ParameterNotFound',
  ],
]
