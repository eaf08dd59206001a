import { DeleteInstanceProfileCommand, RemoveRoleFromInstanceProfileCommand } from '@aws-sdk/client-iam'
import { expect } from 'chai'
import { module as group } from '../../../runner/modules/aws/autoscaling-group/module.ts'
import { module as instance } from '../../../runner/modules/aws/instance/module.ts'
import { module as profile } from '../../../runner/modules/aws/instance-profile/module.ts'
import type { CloudModule } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { ubuntuImage } from '../../lab/overlay/images.ts'
import { grouped as groupedIn, placeIn, type Place } from './scaled.ts'
import { fault, startVirtual, type Virtual } from './virtual.ts'

const iam_profile = 'shop'

/** As waiting.test.ts, for what names an instance profile. */
describe('what has an instance profile that EC2 does not know yet', function () {
  this.timeout(10 * 60_000)
  let aws: Virtual
  let place: Place
  before(async () => (aws = await startVirtual()))
  beforeEach(async () => {
    await aws.fresh()
    place = await placeIn(aws)
    await make(profile, { name: iam_profile })
  })
  after(async () => await aws?.close())

  const make = (module: CloudModule, want: Values) => aws.make(module, want)
  const grouped = (version = 1, more: Values = {}) => groupedIn(aws, place, version, more)
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
    const host = { name: 'host', image: ubuntuImage, type: 't3.small', subnet: place.zones[0] as string, iam_profile }
    await make(instance, { ...host, root_volume: { size: 16 } })
    expect(aws.said[0]).to.equal(`${waiting} shop: not known yet`)
    expect(aws.seconds()).to.be.within(30, 45)
  })

  const missing = 'E745 there is no instance profile shpo'

  it('is refused within seconds when IAM does not know it either: by a launch template', async () => {
    expect(await fault(grouped(1, { iam_profile: 'shpo' }))).to.equal(missing)
    expect(aws.said).to.deep.equal(['waiting for the instance profile shpo: not in IAM'])
    expect(aws.seconds()).to.be.within(5, 15)
  })

  it('by an instance', async () => {
    const host = { name: 'host', image: ubuntuImage, type: 't3.small', subnet: place.zones[0] as string }
    expect(await fault(make(instance, { ...host, iam_profile: 'shpo', root_volume: { size: 16 } }))).to.equal(missing)
    expect(aws.said).to.deep.equal([`${waiting} shpo: not in IAM either`])
    expect(aws.seconds()).to.be.within(5, 15)
  })

  it('by a scaling group whose launch template names one that is gone, or has no role', async () => {
    const want = await grouped(1, { iam_profile })
    const iam = await (await aws.cloud()).client('iam')
    const one = { InstanceProfileName: iam_profile }
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ ...one, RoleName: iam_profile }))
    lasts(10_000_000)
    expect(await fault(make(group, want))).to.equal('E745 the instance profile shop has no role')
    lasts(0)
    await iam.send(new DeleteInstanceProfileCommand(one))
    expect(await fault(make(group, want))).to.equal('E745 there is no instance profile shop')
    expect(aws.seconds()).to.be.within(10, 30)
  })

  it('is not looked for by a user who may not ask IAM: then it is waited for as if it were new', async () => {
    lasts(30_000)
    aws.lab.troubles.begin([{ what: 'denied', of: /^iam:GetInstanceProfile$/ }])
    const host = { name: 'host', image: ubuntuImage, type: 't3.small', subnet: place.zones[0] as string, iam_profile }
    await make(instance, { ...host, root_volume: { size: 16 } })
    aws.lab.troubles.end()
    expect(aws.said[0]).to.equal(`${waiting} shop: not known yet`)
  })
})
