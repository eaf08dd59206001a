import { DeleteAutoScalingGroupCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling'
import { expect } from 'chai'
import { module as group } from '../../../runner/modules/aws/autoscaling-group/module.ts'
import { module as balancer } from '../../../runner/modules/aws/load-balancer/module.ts'
import { module as targetGroup } from '../../../runner/modules/aws/target-group/module.ts'
import type { CloudModule, Found } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { grouped as groupedIn, placeIn, type Place } from './scaled.ts'
import { fault, startVirtual, type Virtual } from './virtual.ts'

/** As waiting.test.ts, for scaling groups: their instances, and the targets that these are. */
describe('waiting for a scaling group', function () {
  this.timeout(10 * 60_000)
  let aws: Virtual
  let place: Place
  before(async () => (aws = await startVirtual()))
  beforeEach(async () => {
    await aws.fresh()
    place = await placeIn(aws)
  })
  after(async () => await aws?.close())

  const make = (module: CloudModule, want: Values, begin?: () => void) => aws.make(module, want, begin)
  const grouped = (version = 1, more: Values = {}) => groupedIn(aws, place, version, more)

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

  it('is waited for until its instances have ended', async () => {
    const want = await grouped()
    const have = await make(group, want)
    aws.lab.courses.set('scaling group', { goingMs: 100_000 })
    const before = aws.seconds()
    await group.destroy(want as never, have as never, await aws.cloud())
    expect(aws.seconds() - before).to.be.within(100, 112)
    expect(aws.said.at(-1)).to.equal('waiting for the instances of shop to end: 2 left')
  })

  it('that is being deleted is not there any more, and one of its name is made when it is gone', async () => {
    const want = await grouped()
    await make(group, want)
    aws.lab.courses.set('scaling group', { goingMs: 100_000 })
    const cloud = await aws.cloud()
    const client = await cloud.client('autoscaling')
    await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'shop', ForceDelete: true }))
    cloud.changed('')
    expect(await group.read(want as never, cloud)).to.equal(undefined)
    const made = await make(group, want)
    expect(made.pending).to.equal(undefined)
    expect(aws.said).to.include('waiting for the instances of shop to end: 2 left')
  })

  it('has as many instances as the scaling policy wants, until bounds move them: the plan said so', async () => {
    const want = await grouped()
    await make(group, want)
    const cloud = await aws.cloud()
    const client = await cloud.client('autoscaling')
    // as a scaling policy does
    await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'shop', DesiredCapacity: 4 }))
    const planned = async (next: Values) => {
      cloud.changed('')
      const have = (await group.read(next as never, cloud)) as never
      return { have, change: group.diff(next as never, have) }
    }
    expect((await planned(want)).change).to.deep.equal({
      action: 'none',
      fields: [],
      why: 'there are to be 4 instances now, as the scaling policy decides; desired 2 counted at the start',
    })
    const less = { ...want, max_size: 3 }
    const { have, change } = await planned(less)
    expect(change.why).to.equal('max_size 3 ends 1 of the 4 instances that there are to be now')
    await group.apply(change, less as never, have, cloud)
    const left = await planned(less)
    expect(left.change.action).to.equal('none')
    expect((left.have as { capacity: number }).capacity).to.equal(3)
  })

  describe('that load balancers send requests to', () => {
    const balanced = async () => {
      const targets = await make(targetGroup, { name: 'shop', port: 80, vpc: place.vpc })
      const arn = String(targetGroup.returned(targets as never)['arn'])
      return { arn, want: { ...(await grouped()), target_groups: [arn] } }
    }
    const balance = async (arn: string) =>
      await make(balancer, {
        name: 'web',
        subnets: place.zones,
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

    const planned = async (want: Values) => {
      const cloud = await aws.cloud()
      cloud.changed('')
      const have = (await group.read(want as never, cloud)) as Found
      return { cloud, have, change: group.diff(want as never, have as never) }
    }

    it('that became unhealthy since are not waited for by who changes nothing: how many, and why, is a warning', async () => {
      const { arn, want } = await balanced()
      await balance(arn)
      const made = await make(group, want)
      expect(made.pending).to.equal(undefined)
      expect(aws.lab.calls()['autoscaling:DeleteTags']).to.equal(1)
      aws.lab.courses.set('target', { ends: 'unhealthy', reason: 'Target.Timeout' })
      const { cloud, have, change } = await planned(want)
      const why = '0 of 2 targets healthy in shop: Target.Timeout, Health checks failed'
      expect(change).to.deep.equal({ action: 'none', fields: [], why, warns: true })
      expect(have.pending).to.equal(undefined)
      // another greatest number moves no instance, so that nothing is waited for then either
      const before = aws.seconds()
      const more = { ...want, max_size: 5 }
      await group.apply(group.diff(more as never, have as never), more as never, have as never, cloud)
      await group.ready(more as never, (await planned(more)).have as never, cloud)
      expect(aws.seconds()).to.equal(before)
      // another least number does
      const three = { ...more, desired: undefined as never, min_size: 3 }
      await group.apply(group.diff(three as never, have as never), three as never, have as never, cloud)
      expect((await planned(three)).have.pending).to.match(/^[02] of 3 /)
      aws.lab.courses.set('target', {})
      await group.ready(three as never, (await planned(three)).have as never, cloud)
      const after = await planned(three)
      expect([after.have.pending, after.change.warns]).to.deep.equal([undefined, undefined])
    })

    it('does not wait for targets that no load balancer asks, and says that none does', async () => {
      const { want } = await balanced()
      await make(group, want)
      expect(aws.said).to.deep.equal([])
      const { have, change } = await planned(want)
      expect(have.pending).to.equal(undefined)
      expect(change.warns).to.equal(true)
      expect(change.why).to.equal('no load balancer uses the target group shop, so that AWS does not check its targets')
    })

    it('waits for the load balancer that the same run makes, but not for ever', async () => {
      const { want, arn } = await balanced()
      const cloud = await aws.cloud()
      const untilUsed = async (coming: () => boolean) => {
        const have = (await planned(want)).have as never
        return await group.ready(want as never, have, { ...cloud, coming })
      }
      await group.apply(group.diff(want as never, undefined), want as never, undefined, cloud)
      let looks = 0
      aws.lab.courses.set('target', { ms: 60_000 })
      const making = (): boolean => {
        if (looks++ === 2) void balance(arn)
        return true
      }
      await untilUsed(making)
      expect(aws.said).to.include.members([
        'waiting for instances of shop to be in service: no load balancer uses the target group shop, so that AWS does not check its targets',
        'waiting for instances of shop to be in service: 1 of 2 targets healthy in shop: Elb.InitialHealthChecking, Initial health checks in progress',
      ])
    })

    it('gives up on a load balancer of the same run that does not come', async () => {
      const { want } = await balanced()
      const cloud = await aws.cloud()
      await group.apply(group.diff(want as never, undefined), want as never, undefined, cloud)
      const have = (await planned(want)).have as never
      await group.ready(want as never, have, { ...cloud, coming: () => true })
      expect(aws.seconds()).to.be.within(500, 700)
    })
  })
})
