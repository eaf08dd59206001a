import {
  CancelInstanceRefreshCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling'
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import { clientsFor, refused, type Clients } from './aws-clients.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { ubuntuImage } from './overlay/images.ts'

describe('a scaling group of the lab', function () {
  this.timeout(10 * 60_000)
  const named = { AutoScalingGroupName: 'web' }
  const template = { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: ubuntuImage, UserData: 'IyEvYmluL3No' } }
  let emulator: Emulator
  let aws: Clients

  before(async () => {
    emulator = await startEmulator()
    aws = clientsFor(emulator.endpoint)
  })
  after(async () => await emulator?.close())
  beforeEach(async () => {
    await emulator.empty()
    const { Subnets: [subnet] = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}))
    await aws.ec2.send(new CreateLaunchTemplateCommand(template))
    await aws.ec2.send(new CreateLaunchTemplateVersionCommand(template))
    await aws.autoscaling.send(
      new CreateAutoScalingGroupCommand({
        ...named,
        MinSize: 2,
        MaxSize: 4,
        LaunchTemplate: { LaunchTemplateName: 'web', Version: '1' },
        VPCZoneIdentifier: subnet?.SubnetId ?? '',
        DefaultInstanceWarmup: 120,
      }),
    )
  })

  const group = async () =>
    (await aws.autoscaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.[0]
  const versions = async () => (await group())?.Instances?.map((one) => one.LaunchTemplate?.Version)
  const moveOn = async (more: object = {}) =>
    await aws.autoscaling.send(
      new UpdateAutoScalingGroupCommand({
        ...named,
        LaunchTemplate: { LaunchTemplateName: 'web', Version: '2' },
        ...more,
      }),
    )
  const start = async (more: object = {}) =>
    await aws.autoscaling.send(new StartInstanceRefreshCommand({ ...named, ...more }))
  const newest = async () =>
    (await aws.autoscaling.send(new DescribeInstanceRefreshesCommand({ ...named, MaxRecords: 1 })))
      .InstanceRefreshes?.[0]

  it('remembers its warm-up', async () => {
    expect((await group())?.DefaultInstanceWarmup).to.equal(120)
    await moveOn({ DefaultInstanceWarmup: 60 })
    expect((await group())?.DefaultInstanceWarmup).to.equal(60)
  })

  it('tells of each instance the version it was launched from', async () => {
    expect(await versions()).to.deep.equal(['1', '1'])
    await moveOn({ DesiredCapacity: 3 })
    expect(await versions()).to.deep.equal(['1', '1', '2'])
  })

  it('replaces its instances by a refresh, and only one at a time', async () => {
    const before = (await group())?.Instances?.map((one) => one.InstanceId)
    await moveOn()
    const { InstanceRefreshId: id } = await start()
    expect(await refused(start())).to.equal('InstanceRefreshInProgressFault')
    expect(await newest()).to.deep.include({ InstanceRefreshId: id, Status: 'InProgress', InstancesToUpdate: 2 })
    expect(await newest()).to.deep.include({ InstanceRefreshId: id, Status: 'Successful', PercentageComplete: 100 })
    expect(await versions()).to.deep.equal(['2', '2'])
    const after = (await group())?.Instances?.map((one) => one.InstanceId)
    expect(after).to.not.have.any.members(before ?? [])
    expect((await start()).InstanceRefreshId).to.not.equal(id)
  })

  it('skips instances that match, and takes the wanted configuration over', async () => {
    await moveOn({ DesiredCapacity: 3 })
    const newer = (await group())?.Instances?.find((one) => one.LaunchTemplate?.Version === '2')?.InstanceId
    await start({
      Preferences: { SkipMatching: true },
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: 'web', Version: '2' } },
    })
    await newest()
    await newest()
    const found = await group()
    expect(found?.LaunchTemplate?.Version).to.equal('2')
    expect(found?.Instances?.map((one) => one.InstanceId)).to.include(newer)
    expect(await versions()).to.deep.equal(['2', '2', '2'])
  })

  it('stops a refresh when asked to', async () => {
    const cancel = async () => await aws.autoscaling.send(new CancelInstanceRefreshCommand(named))
    expect(await refused(cancel())).to.equal('ActiveInstanceRefreshNotFoundFault')
    await start()
    await cancel()
    expect((await newest())?.Status).to.equal('Cancelled')
  })

  it('rolls a refresh back if it has a configuration of its own', async () => {
    const back = async () => await aws.autoscaling.send(new RollbackInstanceRefreshCommand(named))
    await start()
    expect(await refused(back())).to.equal('IrreversibleInstanceRefreshFault')
    await newest()
    await newest()
    await start({ DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: 'web', Version: '2' } } })
    await back()
    expect((await newest())?.Status).to.equal('RollbackSuccessful')
    expect(await versions()).to.deep.equal(['1', '1'])
  })

  it('that is not there has no refreshes', async () => {
    expect(await refused(start({ AutoScalingGroupName: 'none' }))).to.equal('ValidationError')
  })
})
