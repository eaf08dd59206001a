import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  CreateDBClusterCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBClusterCommand,
  DescribeDBClustersCommand,
} from '@aws-sdk/client-rds'
import { expect } from 'chai'
import { clientsFor, refused, type Clients } from './aws-clients.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { ubuntuImage } from './overlay/images.ts'

/** Names that are taken, and what is protected. */
describe('names in the lab', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let aws: Clients
  before(async () => {
    emulator = await startEmulator()
    aws = clientsFor(emulator.endpoint)
  })
  after(async () => await emulator?.close())

  it('are taken once by groups, whatever their case', async () => {
    const make = (GroupName: string) => aws.ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'a' }))
    await make('web')
    expect(await refused(make('WEB'))).to.equal('InvalidGroup.Duplicate')
  })

  it('give the same load balancer for the same settings, which goes only without its protection', async () => {
    const { Subnets: all = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}))
    const Subnets = all.map((one) => one.SubnetId ?? '').slice(0, 2)
    const make = (Scheme: 'internal' | 'internet-facing') =>
      aws.elb.send(new CreateLoadBalancerCommand({ Name: 'web', Subnets, Scheme }))
    const LoadBalancerArn = (await make('internal')).LoadBalancers?.[0]?.LoadBalancerArn
    expect((await make('internal')).LoadBalancers?.[0]?.LoadBalancerArn).to.equal(LoadBalancerArn)
    expect(await refused(make('internet-facing'))).to.equal('DuplicateLoadBalancerNameException')
    expect((await aws.elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).to.have.length(1)
    const protect = (Value: string) =>
      aws.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: 'deletion_protection.enabled', Value }],
        }),
      )
    await protect('true')
    const go = () => refused(aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn })))
    expect(await go()).to.equal('OperationNotPermittedException')
    await protect('false')
    expect(await go()).to.equal('not refused')
  })

  it('are taken once by clusters, which go only with or expressly without a snapshot', async () => {
    const one = { DBClusterIdentifier: 'shop' }
    const make = new CreateDBClusterCommand({
      ...one,
      Engine: 'aurora-mysql',
      MasterUsername: 'shop',
      ManageMasterUserPassword: true,
    })
    await aws.rds.send(make)
    expect(await refused(aws.rds.send(make))).to.equal('DBClusterAlreadyExistsFault')
    const bare = aws.rds.send(new DeleteDBClusterCommand(one))
    expect(await refused(bare)).to.match(/^InvalidParameterCombination/)
    await aws.rds.send(new DeleteDBClusterCommand({ ...one, SkipFinalSnapshot: true }))
  })

  it('user data is base64 of at most 16 KB, of instances and of templates', async () => {
    const run = { MinCount: 1, MaxCount: 1, ImageId: ubuntuImage }
    const base64 = (length: number): string => Buffer.from('x'.repeat(length)).toString('base64')
    const started = (UserData: string) => refused(aws.ec2.send(new RunInstancesCommand({ ...run, UserData })))
    const made = (UserData: string) =>
      refused(
        aws.ec2.send(
          new CreateLaunchTemplateCommand({
            LaunchTemplateName: `data-${UserData.length}`,
            LaunchTemplateData: { ImageId: ubuntuImage, UserData },
          }),
        ),
      )
    for (const call of [started, made])
      expect([await call('#!/bin/sh'), await call(base64(16_385)), await call(base64(16_384))]).to.deep.equal([
        'InvalidUserData.Malformed',
        'InvalidParameterValue',
        'not refused',
      ])
  })

  it('the root volume of an instance is as large as its image says, that of another device must be told', async () => {
    const run = async (DeviceName: string) =>
      await refused(
        aws.ec2.send(
          new RunInstancesCommand({
            MinCount: 1,
            MaxCount: 1,
            ImageId: ubuntuImage,
            BlockDeviceMappings: [{ DeviceName, Ebs: { Encrypted: true } }],
          }),
        ),
      )
    const { Images: [image] = [] } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [ubuntuImage] }))
    expect(await run(image?.RootDeviceName ?? '')).to.equal('not refused')
    expect(await run('/dev/sdz')).to.equal('MissingParameter')
  })

  it('a Multi-AZ cluster needs a class with local disks, and three zones that have it', async () => {
    const { Subnets: all = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}))
    const zones = (letters: string) =>
      all.flatMap((one) => (letters.includes(one.AvailabilityZone?.at(-1) ?? '?') ? [one.SubnetId ?? ''] : []))
    const group = async (letters: string) =>
      await refused(
        aws.rds.send(
          new CreateDBSubnetGroupCommand({
            DBSubnetGroupName: `zones-${letters}`,
            DBSubnetGroupDescription: 'a',
            SubnetIds: zones(letters),
          }),
        ),
      )
    expect([await group('a'), await group('ab'), await group('abc')]).to.deep.equal([
      'DBSubnetGroupDoesNotCoverEnoughAZs',
      'not refused',
      'not refused',
    ])
    const make = async (DBClusterInstanceClass: string, letters: string) =>
      await refused(
        aws.rds.send(
          new CreateDBClusterCommand({
            DBClusterIdentifier: `zones-${letters}`,
            Engine: 'mysql',
            EngineVersion: '8.4',
            DBClusterInstanceClass,
            AllocatedStorage: 100,
            DBSubnetGroupName: `zones-${letters}`,
            MasterUsername: 'shop',
            ManageMasterUserPassword: true,
          }),
        ),
      )
    expect(await make('db.t4g.medium', 'abc')).to.match(/^InvalidParameterCombination/)
    expect(await make('db.m6gd.large', 'ab')).to.equal('DBSubnetGroupDoesNotCoverEnoughAZs')
    expect(await make('db.x2iedn.32xlarge', 'abc')).to.equal('DBSubnetGroupDoesNotCoverEnoughAZs')
    expect(await make('db.m6gd.large', 'abc')).to.equal('not refused')
    const { DBClusters: [cluster] = [] } = await aws.rds.send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: 'zones-abc' }),
    )
    expect(cluster?.EngineVersion).to.match(/^8\.4\.\d+$/)
  })
})
