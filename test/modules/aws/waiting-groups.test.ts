import { DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import { module as group } from '../../../runner/modules/aws/autoscaling-group/module.ts'
import { module as instance } from '../../../runner/modules/aws/instance/module.ts'
import { module as profile } from '../../../runner/modules/aws/instance-profile/module.ts'
import { module as template } from '../../../runner/modules/aws/launch-template/module.ts'
import { module as balancer } from '../../../runner/modules/aws/load-balancer/module.ts'
import { module as targetGroup } from '../../../runner/modules/aws/target-group/module.ts'
import type { CloudModule, Found } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { ubuntuImage } from '../../lab/overlay/images.ts'
import { fault, startVirtual, type Virtual } from './virtual.ts'

/** As waiting.test.ts, for scaling groups: their instances, the targets that these are, and roll-outs. */
describe('waiting for a scaling group', function () {
  this.timeout(5 * 60_000)
  let aws: Virtual
  let zones: readonly string[]
  let vpc: string
  before(async () => (aws = await startVirtual()))
  beforeEach(async () => {
    await aws.fresh()
    const ec2 = await (await aws.cloud()).client('ec2')
    const { Vpcs: [found] = [] } = await ec2.send(new DescribeVpcsCommand({}))
    vpc = found?.VpcId ?? ''
    const { Subnets: subnets = [] } = await ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
    )
    zones = subnets.map((one) => one.SubnetId ?? '').slice(0, 3)
  })
  after(async () => await aws?.close())

  const make = (module: CloudModule, want: Values, begin?: () => void) => aws.make(module, want, begin)

  const grouped = async (version = 1, more: Values = {}) => {
    const user_data = `#!/bin/sh\necho ${version}\n`
    const want = { name: 'shop', image: ubuntuImage, type: 't3.small', user_data, ...more }
    const cloud = await aws.cloud()
    const have = await template.read(want as never, cloud)
    const change = template.diff(want as never, have as never)
    if (change.action !== 'none') await template.apply(change, want as never, have as never, cloud)
    const there = (await template.read(want as never, cloud)) as Found
    return {
      name: 'shop',
      launch_template: { id: there.id, version },
      min_size: 1,
      max_size: 4,
      desired: 2,
      subnets: zones,
    }
  }

  it('is waited for until its instances serve, counting them', async () => {
    aws.lab.courses.set('scaling group', { ms: 120_000 })
    await make(group, await grouped())
    expect(aws.said).to.deep.equal(['waiting for instances of shop to be in service: 0 of 2 instances in service'])
    expect(aws.seconds()).to.be.within(120, 130)
  })

  it('fails as soon as AWS can’t launch an instance, with AWS’s message', async () => {
    const reason = 'You have requested more vCPU capacity than your current limit allows'
    aws.lab.courses.set('scaling group', { ends: 'Failed', reason })
    expect(await fault(make(group, await grouped()))).to.equal(`E762 shop can’t start instances: ${reason}`)
    expect(aws.seconds()).to.be.lessThan(30)
  })

  const rollOut = async (): Promise<Found> => {
    const cloud = await aws.cloud()
    await make(group, await grouped())
    const want = await grouped(2)
    const have = (await group.read(want as never, cloud)) as never
    await group.apply(group.diff(want as never, have), want as never, have, cloud)
    return await group.ready(want as never, (await group.read(want as never, cloud)) as never, cloud)
  }

  it('is rolled out, instance by instance', async () => {
    aws.lab.courses.set('instance refresh', { ms: 600_000 })
    await rollOut()
    expect(aws.said.at(0)).to.match(/^waiting for the roll-out of shop: (Pending|InProgress)/)
    expect(aws.said.at(-1)).to.match(/^waiting for the roll-out of shop: InProgress, 1 of 2 instances done, \d+ %$/)
    expect(aws.seconds()).to.be.within(600, 620)
  })

  it('that AWS rolled back is a failure, with the reason', async () => {
    aws.lab.courses.set('instance refresh', {
      ms: 60_000,
      ends: 'RollbackSuccessful',
      reason: 'targets are unhealthy',
    })
    expect(await fault(rollOut())).to.equal(
      'E763 the roll-out of shop ended as RollbackSuccessful: targets are unhealthy',
    )
  })

  it('is waited for until its instances have ended', async () => {
    const want = await grouped()
    const have = await make(group, want)
    aws.lab.courses.set('scaling group', { goingMs: 100_000 })
    const before = aws.seconds()
    await group.destroy(want as never, have as never, await aws.cloud())
    expect(aws.seconds() - before).to.be.within(100, 112)
    expect(aws.said.at(-1)).to.equal('waiting for the instances of shop to end: 2 left')
  })

  describe('that load balancers send requests to', () => {
    const balanced = async () => {
      const targets = await make(targetGroup, { name: 'shop', port: 80, vpc })
      const arn = String(targetGroup.returned(targets as never)['arn'])
      return { arn, want: { ...(await grouped()), target_groups: [arn] } }
    }
    const balance = async (arn: string) =>
      await make(balancer, {
        name: 'web',
        subnets: zones,
        listeners: [{ port: 80, protocol: 'HTTP', default: { forward: arn } }],
      })

    it('is waited for until its targets are healthy, counting them', async () => {
      const { arn, want } = await balanced()
      await balance(arn)
      aws.said.splice(0)
      aws.lab.courses.set('target', { ms: 60_000 })
      const before = aws.seconds()
      await make(group, want)
      const waiting = 'waiting for instances of shop to be in service: '
      const why = ' targets healthy in shop: Elb.InitialHealthChecking, Initial health checks in progress'
      expect(aws.said).to.deep.equal([`${waiting}0 of 2${why}`, `${waiting}1 of 2${why}`])
      expect(aws.seconds() - before).to.be.within(120, 132)
    })

    it('that never get healthy says why at the end, and the next plan does so, too', async () => {
      const { arn, want } = await balanced()
      await balance(arn)
      aws.lab.courses.set('target', { ms: 60_000, ends: 'unhealthy', reason: 'Target.ResponseCodeMismatch' })
      const last = '0 of 2 targets healthy in shop: Target.ResponseCodeMismatch, Health checks failed'
      expect(await fault(make(group, want)))
        .to.match(/^E716 .*: still not after 1\d\d\d s; last seen: /)
        .and.to.contain(last)
      expect((await group.read(want as never, await aws.cloud()))?.pending).to.equal(last)
      aws.lab.courses.set('target', {})
      const cloud = await aws.cloud()
      const now = await group.ready(want as never, (await group.read(want as never, cloud)) as never, cloud)
      expect(now.pending).to.equal(undefined)
    })

    it('fails at once when AWS can’t launch what takes the place of an unhealthy one', async () => {
      const { arn, want } = await balanced()
      await balance(arn)
      aws.lab.courses.set('target', { ends: 'unhealthy' })
      const doing = make(group, want, () =>
        aws.lab.courses.set('scaling group', { ends: 'Failed', reason: 'no capacity' }),
      )
      expect(await fault(doing)).to.equal('E762 shop can’t start instances: no capacity')
    })

    it('does not wait for targets that no load balancer asks', async () => {
      const { want } = await balanced()
      await make(group, want)
      expect(aws.said).to.deep.equal([])
    })
  })

  describe('whose instance profile EC2 does not know yet', () => {
    const iam_profile = 'shop'
    beforeEach(async () => void (await make(profile, { name: iam_profile })))
    const lasts = (ms: number) => aws.lab.courses.set('instance profile', { ms })
    const waiting = 'waiting for EC2 to know the instance profile'

    it('is made, and rolled out, when it does', async () => {
      lasts(30_000)
      await make(group, await grouped(1, { iam_profile }))
      const known = `${waiting} in the launch template of shop: not known yet`
      expect(aws.said).to.deep.equal([known])
      await make(profile, { name: 'other' })
      const cloud = await aws.cloud()
      const want = await grouped(2, { iam_profile: 'other' })
      const have = (await group.read(want as never, cloud)) as never
      await group.apply(group.diff(want as never, have), want as never, have, cloud)
      expect(aws.said).to.include(known)
      expect(aws.seconds()).to.be.within(60, 80)
    })

    it('is given up in the end', async () => {
      lasts(10_000_000)
      expect(await fault(make(group, await grouped(1, { iam_profile })))).to.match(
        /^E716 EC2 to know .* shop: still not after 1\d\d s; last seen: not known yet$/,
      )
    })

    it('as an instance is', async () => {
      lasts(30_000)
      const host = { name: 'host', image: ubuntuImage, type: 't3.small', subnet: zones[0] as string, iam_profile }
      await make(instance, { ...host, root_volume: { size: 16 } })
      expect(aws.said[0]).to.equal(`${waiting} shop: not known yet`)
      expect(aws.seconds()).to.be.within(30, 45)
    })
  })
})
