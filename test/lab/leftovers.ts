import { paginateDescribeAutoScalingGroups, AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { ACMClient, ListCertificatesCommand } from '@aws-sdk/client-acm'
import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2'
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs'
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from '@aws-sdk/client-iam'
import { DescribeDBClustersCommand, DescribeDBSubnetGroupsCommand, RDSClient } from '@aws-sdk/client-rds'

/** Names of everything in the account that did not come with it, sorted; a name that stands twice exists twice. */
export async function objectsIn(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const options = {
    region: 'us-east-1',
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  }
  const ec2 = new EC2Client(options)
  const rds = new RDSClient(options)
  const elb = new ElasticLoadBalancingV2Client(options)
  const found: string[] = []
  const add = (kind: string, names: readonly (string | undefined)[]): void =>
    void found.push(...names.map((name) => `${kind} ${name ?? '?'}`))
  for await (const page of paginateDescribeAutoScalingGroups({ client: new AutoScalingClient(options) }, {}))
    add(
      'scaling group',
      (page.AutoScalingGroups ?? []).map((one) => one.AutoScalingGroupName),
    )
  for await (const page of paginateDescribeInstances(
    { client: ec2 },
    { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }] },
  )) {
    const all = (page.Reservations ?? []).flatMap((one) => one.Instances ?? [])
    // those of a scaling group come and go by its will
    add(
      'instance',
      all
        .filter((one) => !one.Tags?.some((tag) => tag.Key === 'aws:autoscaling:groupName'))
        .map((one) => one.Tags?.find((tag) => tag.Key === 'Name')?.Value),
    )
  }
  add(
    'security group',
    ((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups ?? [])
      .map((one) => one.GroupName)
      .filter((name) => name !== 'default'),
  )
  add(
    'key pair',
    ((await ec2.send(new DescribeKeyPairsCommand({}))).KeyPairs ?? []).map((one) => one.KeyName),
  )
  add(
    'launch template',
    ((await ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates ?? []).map(
      (one) => one.LaunchTemplateName,
    ),
  )
  add(
    'image',
    ((await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))).Images ?? []).map((one) => one.Name),
  )
  add(
    'database cluster',
    ((await rds.send(new DescribeDBClustersCommand({}))).DBClusters ?? []).map((one) => one.DBClusterIdentifier),
  )
  add(
    'subnet group',
    ((await rds.send(new DescribeDBSubnetGroupsCommand({}))).DBSubnetGroups ?? [])
      .map((one) => one.DBSubnetGroupName)
      .filter((name) => name !== 'default'),
  )
  add(
    'load balancer',
    ((await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? []).map((one) => one.LoadBalancerName),
  )
  add(
    'target group',
    ((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? []).map((one) => one.TargetGroupName),
  )
  add(
    'file system',
    ((await new EFSClient(options).send(new DescribeFileSystemsCommand({}))).FileSystems ?? []).map((one) => one.Name),
  )
  add(
    'address',
    ((await ec2.send(new DescribeAddressesCommand({}))).Addresses ?? []).map((one) => one.PublicIp),
  )
  add(
    'certificate',
    ((await new ACMClient(options).send(new ListCertificatesCommand({}))).CertificateSummaryList ?? []).map(
      (one) => one.DomainName,
    ),
  )
  const iam = new IAMClient(options)
  add(
    'role',
    ((await iam.send(new ListRolesCommand({ PathPrefix: '/runner/' }))).Roles ?? []).map((one) => one.RoleName),
  )
  add(
    'instance profile',
    ((await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles ?? []).map(
      (one) => one.InstanceProfileName,
    ),
  )
  return found.toSorted()
}
