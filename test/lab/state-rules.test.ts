import {
  CreateDBClusterCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBClusterCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
} from '@aws-sdk/client-rds'
import {
  CreateImageCommand,
  DescribeImagesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import {
  CreateFileSystemCommand,
  CreateMountTargetCommand,
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
} from '@aws-sdk/client-efs'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect } from 'chai'
import { clientsFor, refused, type Clients } from './aws-clients.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { ubuntuImage } from './overlay/images.ts'

/** States on the way, by a clock that the test moves. */
describe('things of the lab that take their time', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let aws: Clients
  let time = 0
  let subnets: readonly string[]
  before(async () => {
    emulator = await startEmulator({ now: () => time })
    aws = clientsFor(emulator.endpoint)
    const { Subnets: all = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}))
    subnets = all.map((one) => one.SubnetId ?? '').slice(0, 3)
  })
  afterEach(() => emulator.courses.clear())
  after(async () => await emulator?.close())

  it('a DB cluster: creating, backing-up, available, deleting, gone; nothing is done to it meanwhile', async () => {
    emulator.courses.set('database', { ms: 100, goingMs: 50 })
    await aws.rds.send(
      new CreateDBSubnetGroupCommand({
        DBSubnetGroupName: 'shop',
        DBSubnetGroupDescription: 'a',
        SubnetIds: [...subnets],
      }),
    )
    await aws.rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: 'Shop',
        Engine: 'mysql',
        DBClusterInstanceClass: 'db.m6gd.large',
        AllocatedStorage: 100,
        StorageType: 'gp3',
        DBSubnetGroupName: 'shop',
        MasterUsername: 'shop',
        ManageMasterUserPassword: true,
      }),
    )
    const status = async () => (await aws.rds.send(new DescribeDBClustersCommand({}))).DBClusters?.[0]?.Status
    const one = { DBClusterIdentifier: 'shop' }
    const modified = () => refused(aws.rds.send(new ModifyDBClusterCommand({ ...one, BackupRetentionPeriod: 3 })))
    const seen = [await status(), await modified()]
    time += 70
    seen.push(await status())
    time += 30
    seen.push(await status(), await modified())
    await aws.rds.send(new DeleteDBClusterCommand({ ...one, SkipFinalSnapshot: true }))
    const byName = await aws.rds.send(new DescribeDBClustersCommand(one))
    const group = () => refused(aws.rds.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: 'shop' })))
    seen.push(await status(), byName.DBClusters?.[0]?.Status, await group())
    time += 50
    seen.push(await status(), await refused(aws.rds.send(new DescribeDBClustersCommand(one))), await group())
    const alive = ['creating', 'InvalidDBClusterStateFault', 'backing-up', 'available', 'not refused']
    const going = ['deleting', 'deleting', 'InvalidDBSubnetGroupStateFault']
    expect(seen).to.deep.equal([...alive, ...going, undefined, 'DBClusterNotFoundFault', 'not refused'])
  })

  it('a file system and its mount targets', async () => {
    emulator.courses.set('file system', { ms: 10, goingMs: 10 })
    emulator.courses.set('mount target', { ms: 10, goingMs: 10 })
    const { FileSystemId: id = '' } = await aws.efs.send(new CreateFileSystemCommand({ CreationToken: 'files' }))
    const system = async () =>
      (await aws.efs.send(new DescribeFileSystemsCommand({}))).FileSystems?.map((one) => one.LifeCycleState)
    const target = new CreateMountTargetCommand({ FileSystemId: id, SubnetId: subnets[0] })
    const targets = async () =>
      (await aws.efs.send(new DescribeMountTargetsCommand({ FileSystemId: id }))).MountTargets ?? []
    expect(await system()).to.deep.equal(['creating'])
    expect(await refused(aws.efs.send(target))).to.equal('IncorrectFileSystemLifeCycleState')
    time += 10
    expect(await system()).to.deep.equal(['available'])
    await aws.efs.send(target)
    expect((await targets()).map((one) => one.LifeCycleState)).to.deep.equal(['creating'])
    time += 10
    const [made] = await targets()
    expect(made?.LifeCycleState).to.equal('available')
    await aws.efs.send(new DeleteMountTargetCommand({ MountTargetId: made?.MountTargetId }))
    expect((await targets()).map((one) => one.LifeCycleState)).to.deep.equal(['deleting'])
    expect(await refused(aws.efs.send(new DeleteFileSystemCommand({ FileSystemId: id })))).to.equal('FileSystemInUse')
    time += 10
    expect(await targets()).to.deep.equal([])
    await aws.efs.send(new DeleteFileSystemCommand({ FileSystemId: id }))
    expect(await system()).to.deep.equal(['deleting'])
    time += 10
    expect(await system()).to.deep.equal([])
  })

  it('a load balancer, provisioning or failed', async () => {
    emulator.courses.set('load balancer', { ms: 10 })
    const { LoadBalancers: [made] = [] } = await aws.elb.send(
      new CreateLoadBalancerCommand({ Name: 'web', Subnets: [...subnets] }),
    )
    const state = async () =>
      (await aws.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [made?.LoadBalancerArn ?? ''] })))
        .LoadBalancers?.[0]?.State
    expect(await state()).to.deep.equal({ Code: 'provisioning' })
    time += 10
    expect(await state()).to.deep.equal({ Code: 'active' })
    emulator.courses.set('load balancer', { ms: 10, ends: 'failed', reason: 'no addresses' })
    expect(await state()).to.deep.equal({ Code: 'failed', Reason: 'no addresses' })
  })

  it('an instance, its checks, and an image of it', async () => {
    emulator.courses.set('instance', { ms: 10 })
    emulator.courses.set('status checks', { ms: 20 })
    emulator.courses.set('image', { ms: 10 })
    const { Instances: [run] = [] } = await aws.ec2.send(
      new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: ubuntuImage, InstanceType: 't3.small' }),
    )
    const InstanceIds = [run?.InstanceId ?? '']
    const state = async (...Values: string[]) =>
      (
        await aws.ec2.send(
          new DescribeInstancesCommand({
            InstanceIds,
            ...(Values.length > 0 && { Filters: [{ Name: 'instance-state-name', Values }] }),
          }),
        )
      ).Reservations?.[0]?.Instances?.[0]?.State
    const checks = async () =>
      (await aws.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds }))).InstanceStatuses?.[0]?.InstanceStatus
        ?.Status
    expect(await state()).to.deep.equal({ Code: 0, Name: 'pending' })
    time += 10
    expect(await state()).to.deep.equal({ Code: 16, Name: 'running' })
    expect(await checks()).to.equal('initializing')
    time += 10
    expect(await checks()).to.equal('ok')
    emulator.courses.set('instance', { ends: 'terminated', reason: 'a limit' })
    expect((await state())?.Name).to.equal('terminated')
    expect(await state('pending', 'running')).to.equal(undefined)
    const { ImageId: id = '' } = await aws.ec2.send(
      new CreateImageCommand({ InstanceId: InstanceIds[0], Name: 'made' }),
    )
    const image = async () => (await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0]
    expect((await image())?.State).to.equal('pending')
    time += 10
    expect((await image())?.State).to.equal('available')
    emulator.courses.set('image', { ends: 'failed', reason: 'no room' })
    expect([(await image())?.State, (await image())?.StateReason?.Message]).to.deep.equal(['failed', 'no room'])
  })

  it('a target: unused without a balancer, then initial, one healthy after the other, or unhealthy with a reason', async () => {
    const { Instances: made = [] } = await aws.ec2.send(
      new RunInstancesCommand({ MinCount: 2, MaxCount: 2, ImageId: ubuntuImage }),
    )
    const { TargetGroups: [group] = [] } = await aws.elb.send(
      new CreateTargetGroupCommand({ Name: 'web', Port: 80, Protocol: 'HTTP', VpcId: made[0]?.VpcId ?? '' }),
    )
    const TargetGroupArn = group?.TargetGroupArn ?? ''
    const Targets = made.map((one) => ({ Id: one.InstanceId ?? '' }))
    await aws.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }))
    emulator.courses.set('target', { ms: 10 })
    const seen = async () =>
      (await aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions?.map(
        ({ TargetHealth }) => [TargetHealth?.State, TargetHealth?.Reason].filter(Boolean).join(' '),
      )
    expect(await seen()).to.deep.equal(['unused Target.NotInUse', 'unused Target.NotInUse'])
    const { LoadBalancers: [balancer] = [] } = await aws.elb.send(
      new CreateLoadBalancerCommand({ Name: 'targets', Subnets: subnets.slice(0, 2) }),
    )
    await aws.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: balancer?.LoadBalancerArn ?? '',
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    )
    const initial = 'initial Elb.InitialHealthChecking'
    expect(await seen()).to.deep.equal([initial, initial])
    time += 10
    expect(await seen()).to.deep.equal(['healthy', initial])
    time += 10
    expect(await seen()).to.deep.equal(['healthy', 'healthy'])
    emulator.courses.set('target', { ends: 'unhealthy', reason: 'Target.Timeout' })
    expect(await seen()).to.deep.equal(['unhealthy Target.Timeout', 'unhealthy Target.Timeout'])
  })
})
