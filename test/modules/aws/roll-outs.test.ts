import { CancelInstanceRefreshCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import { expect } from 'chai'
import { module as group } from '../../../runner/modules/aws/autoscaling-group/module.ts'
import { newestRefresh } from '../../../runner/modules/aws/autoscaling-group/read.ts'
import type { CloudModule, Found } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { grouped as groupedIn, placeIn, type Place } from './scaled.ts'
import { fault, startVirtual, type Virtual } from './virtual.ts'

/** By instance refresh: waited for, failed, found half done. */
describe('another version of a scaling group', function () {
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

  describe('of which 2 of 4 instances are of version 6 already', () => {
    const refreshes = () => aws.lab.calls()['autoscaling:StartInstanceRefresh'] ?? 0
    const name = { AutoScalingGroupName: 'shop' }
    const autoscaling = async () => await (await aws.cloud()).client('autoscaling')
    const seen = async (want: Values) => (await group.read(want as never, await aws.cloud())) as never
    const versionsOf = (have: { instances: readonly { id: string; version: string }[] }) =>
      have.instances.map(({ version }) => version).toSorted()
    let want: Values
    const halfDone = async (): Promise<{ instances: readonly { id: string; version: string }[] }> => {
      for (const version of [1, 2, 3, 4]) await grouped(version)
      await make(group, { ...(await grouped(5)), desired: 4 })
      want = { ...(await grouped(6)), desired: 4 }
      aws.lab.courses.set('instance refresh', { ms: 600_000 })
      const cloud = await aws.cloud()
      const have = await seen(want)
      await group.apply(group.diff(want as never, have), want as never, have, cloud)
      await newestRefresh('shop', cloud)
      aws.pass(310)
      await newestRefresh('shop', cloud)
      cloud.changed('')
      const now = await seen(want)
      expect((now as Found).pending).to.equal('2 of 4 instances on version 6')
      expect(versionsOf(now)).to.deep.equal(['5', '5', '6', '6'])
      return now
    }
    const finish = async (action: string): Promise<{ instances: readonly { id: string; version: string }[] }> => {
      const cloud = await aws.cloud()
      cloud.changed('')
      const have = await seen(want)
      const change = group.diff(want as never, have)
      expect(change.action).to.equal(action)
      if (action !== 'none') await group.apply(change, want as never, have, cloud)
      cloud.changed('')
      await group.ready(want as never, await seen(want), cloud)
      cloud.changed('')
      const now = await seen(want)
      expect(versionsOf(now)).to.deep.equal(['6', '6', '6', '6'])
      expect(group.diff(want as never, now).action).to.equal('none')
      expect((now as Found).pending).to.equal(undefined)
      return now
    }

    it('goes on with the roll-out that is under way', async () => {
      await halfDone()
      await finish('update')
      expect(refreshes()).to.equal(1)
      expect(aws.said.at(-1)).to.match(/: InProgress, [23] of 4 instances done, \d+ %$/)
      expect(aws.seconds()).to.be.within(600, 640)
    })

    it('finishes one that somebody stopped, and leaves those that are done', async () => {
      const half = await halfDone()
      await (await autoscaling()).send(new CancelInstanceRefreshCommand(name))
      const now = await finish('update')
      expect(refreshes()).to.equal(2)
      const done = half.instances.filter(({ version }) => version === '6').map(({ id }) => id)
      expect(now.instances.map(({ id }) => id)).to.include.members(done)
    })

    it('brings the others along when the group itself was moved without them', async () => {
      await halfDone()
      const client = await autoscaling()
      await client.send(new CancelInstanceRefreshCommand(name))
      await newestRefresh('shop', await aws.cloud())
      const LaunchTemplate = {
        LaunchTemplateId: (want['launch_template'] as { id: string }).id,
        Version: '6',
      }
      await client.send(new UpdateAutoScalingGroupCommand({ ...name, LaunchTemplate }))
      await finish('none')
      expect(refreshes()).to.equal(2)
    })

    it('replaces those, too, when told not to skip them, and rolls out as it is told', async () => {
      const half = await halfDone()
      await (await autoscaling()).send(new CancelInstanceRefreshCommand(name))
      const refresh = {
        skip_matching: false,
        min_healthy: 75,
        max_healthy: 125,
        warmup: 30,
        checkpoints: [50, 100],
        checkpoint_delay: 60,
        bake_time: 120,
        alarms: ['errors', 'latency'],
        auto_rollback: false,
        protected: 'refresh',
        standby: 'ignore',
      }
      want = { ...want, refresh }
      const now = await finish('update')
      expect((await newestRefresh('shop', await aws.cloud()))?.Preferences).to.deep.equal({
        SkipMatching: false,
        MinHealthyPercentage: 75,
        MaxHealthyPercentage: 125,
        InstanceWarmup: 30,
        CheckpointPercentages: [50, 100],
        CheckpointDelay: 60,
        BakeTime: 120,
        AlarmSpecification: { Alarms: ['errors', 'latency'] },
        AutoRollback: false,
        ScaleInProtectedInstances: 'Refresh',
        StandbyInstances: 'Ignore',
      })
      expect(now.instances.map(({ id }) => id)).to.not.have.any.members(half.instances.map(({ id }) => id))
    })
  })
})
