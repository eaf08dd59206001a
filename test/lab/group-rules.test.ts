import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2'
import { CreateFileSystemCommand, CreateMountTargetCommand, DeleteMountTargetCommand } from '@aws-sdk/client-efs'
import { CreateLoadBalancerCommand, DeleteLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateDBClusterCommand, DeleteDBClusterCommand } from '@aws-sdk/client-rds'
import { expect } from 'chai'
import { clientsFor, refused, type Clients } from './aws-clients.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { ubuntuImage } from './overlay/images.ts'

describe('a security group of the lab is not deleted', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let aws: Clients
  let id: string

  before(async () => {
    emulator = await startEmulator()
    aws = clientsFor(emulator.endpoint)
  })
  after(async () => await emulator?.close())
  beforeEach(async () => {
    await emulator.empty()
    id = await groupNamed('used')
  })

  const groupNamed = async (name: string) =>
    (await aws.ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: name }))).GroupId ?? ''
  const remove = async () => await refused(aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })))
  const subnets = async () =>
    ((await aws.ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? []).map((one) => one.SubnetId ?? '').slice(0, 2)
  const users = async () =>
    (
      await aws.ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }))
    ).NetworkInterfaces?.map((one) => one.Description)

  it('while a rule of another group names it', async () => {
    const rule = (group: string) => ({
      GroupId: group,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: id }] }],
    })
    const other = await groupNamed('other')
    await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule(other)))
    // its own rule does not count
    await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule(id)))
    expect(await remove()).to.equal('DependencyViolation')
    await aws.ec2.send(new RevokeSecurityGroupIngressCommand(rule(other)))
    expect(await remove()).to.equal('not refused')
  })

  it('while an instance has it, but when that is terminated', async () => {
    const { Instances: [instance] = [] } = await aws.ec2.send(
      new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: ubuntuImage, SecurityGroupIds: [id] }),
    )
    expect(await remove()).to.equal('DependencyViolation')
    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance?.InstanceId ?? ''] }))
    expect(await users()).to.deep.equal([])
    expect(await remove()).to.equal('not refused')
  })

  it('while a load balancer has it, nor for some looks after', async () => {
    const { LoadBalancers: [balancer] = [] } = await aws.elb.send(
      new CreateLoadBalancerCommand({ Name: 'front', Subnets: await subnets(), SecurityGroups: [id] }),
    )
    expect((await users())?.[0]).to.match(/^ELB app\/front\//)
    expect(await remove()).to.equal('DependencyViolation')
    await aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: balancer?.LoadBalancerArn ?? '' }))
    expect(await remove()).to.equal('DependencyViolation')
    expect((await users())?.[0]).to.match(/^ELB app\/front\//)
    expect(await remove()).to.equal('not refused')
  })

  it('while a database has it', async () => {
    await aws.rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: 'data',
        Engine: 'mysql',
        DBClusterInstanceClass: 'db.m6gd.large',
        AllocatedStorage: 100,
        MasterUsername: 'admin1',
        ManageMasterUserPassword: true,
        VpcSecurityGroupIds: [id],
      }),
    )
    expect(await users()).to.deep.equal(['RDSNetworkInterface'])
    expect(await remove()).to.equal('DependencyViolation')
    await aws.rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: 'data', SkipFinalSnapshot: true }))
    expect(await remove()).to.equal('not refused')
  })

  it('while a mount target has it', async () => {
    const { FileSystemId: files = '' } = await aws.efs.send(new CreateFileSystemCommand({ CreationToken: 'f' }))
    const [subnet = ''] = await subnets()
    const { MountTargetId: target = '' } = await aws.efs.send(
      new CreateMountTargetCommand({ FileSystemId: files, SubnetId: subnet, SecurityGroups: [id] }),
    )
    expect(await remove()).to.equal('DependencyViolation')
    await aws.efs.send(new DeleteMountTargetCommand({ MountTargetId: target }))
    expect(await remove()).to.equal('not refused')
  })

  describe('and its rules', () => {
    const tcp = (port: number, more: object): IpPermission => ({
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      ...more,
    })
    const from = (cidr: string, Description?: string) => ({
      IpRanges: [{ CidrIp: cidr, ...(Description !== undefined && { Description }) }],
    })
    const authorize = async (...IpPermissions: IpPermission[]) =>
      await refused(aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions })))
    const revoke = async (...IpPermissions: IpPermission[]) =>
      await refused(aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions })))
    const rules = async () =>
      (await aws.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))).SecurityGroups?.[0]?.IpPermissions

    it('are each there once, whatever their description; and of a call that is refused nothing is done', async () => {
      expect(await authorize(tcp(80, from('10.0.0.0/8', 'one')))).to.equal('not refused')
      const more = tcp(443, from('10.0.0.0/8'))
      expect(await authorize(more, tcp(80, from('10.0.0.0/8', 'two')))).to.equal('InvalidPermission.Duplicate')
      expect(await authorize(more, tcp(443, from('10.0.0.0/8', 'two')))).to.equal('InvalidParameterValue')
      expect(await rules()).to.have.length(1)
      const pair = (Description: string) => tcp(80, { UserIdGroupPairs: [{ GroupId: id, Description }] })
      expect(await authorize(pair('one'))).to.equal('not refused')
      expect(await authorize(pair('two'))).to.equal('InvalidPermission.Duplicate')
    })

    it('are revoked without their description, all of a call or none', async () => {
      const web = tcp(80, from('10.0.0.0/8', 'one'))
      await authorize(web)
      expect(await revoke(tcp(80, from('10.0.0.0/8')), tcp(443, from('10.0.0.0/8')))).to.equal(
        'InvalidPermission.NotFound',
      )
      expect(await rules()).to.have.length(1)
      expect(await revoke(tcp(80, from('10.0.0.0/8')))).to.equal('not refused')
      expect(await revoke(web)).to.equal('InvalidPermission.NotFound')
    })

    it('are given another description, or none, as long as they are there', async () => {
      const describe = async (...IpPermissions: IpPermission[]) =>
        await refused(
          aws.ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId: id, IpPermissions })),
        )
      await authorize(
        tcp(80, { ...from('10.0.0.0/8', 'one'), UserIdGroupPairs: [{ GroupId: id, Description: 'own' }] }),
      )
      expect(await describe(tcp(443, from('10.0.0.0/8', 'two')))).to.equal('InvalidPermission.NotFound')
      expect(
        await describe(tcp(80, { ...from('10.0.0.0/8'), UserIdGroupPairs: [{ GroupId: id, Description: 'ours' }] })),
      ).to.equal('not refused')
      const [now] = (await rules()) ?? []
      expect(now?.IpRanges).to.deep.equal([{ CidrIp: '10.0.0.0/8' }])
      expect(now?.UserIdGroupPairs?.[0]).to.deep.include({ GroupId: id, Description: 'ours' })
    })
  })
})
