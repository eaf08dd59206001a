import { setTimeout as sleep } from 'node:timers/promises'
import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import { module as elasticIp } from '../../../runner/modules/aws/elastic-ip/module.ts'
import { module } from '../../../runner/modules/aws/network/module.ts'
import type { Network } from '../../../runner/modules/aws/network/design.ts'
import type { CloudModule } from '../../../runner/modules/module.ts'
import { ubuntuImage } from '../../lab/overlay/images.ts'
import { networkRuns } from './network-runs.ts'
import { fault, startVirtual, type Virtual } from './virtual.ts'

const network = module as CloudModule

/** One of each kind of part. */
const all = { name: 'shop', cidr: '10.20.0.0/16', zones: 1, nat: 'one', s3_endpoint: true }
const parts = [
  'address shop-nat-us-east-1a',
  'endpoint shop-s3',
  'gateway shop',
  'nat shop-nat-us-east-1a',
  'subnet shop-private-us-east-1a',
  'subnet shop-public-us-east-1a',
  'table shop-private-us-east-1a',
  'table shop-public',
  'vpc shop',
]

describe('a network that is made', function () {
  this.timeout(20 * 60_000)
  let aws: Virtual
  let ec2: EC2Client
  before(async () => (aws = await startVirtual()))
  beforeEach(async () => {
    await aws.fresh()
    ec2 = await (await aws.cloud()).client('ec2')
  })
  after(async () => await aws?.close())

  const { there, read, becomes, goes, cutOff } = networkRuns(() => aws)

  it('is waited for until its NAT gateway works, and others need not wait', async () => {
    aws.lab.courses.set('NAT gateway', { ms: 90_000 })
    const cloud = await aws.cloud()
    await network.apply(network.diff(all, undefined), all, undefined, cloud)
    expect(aws.seconds()).to.be.lessThan(10)
    const accepted = (await read(all)) as Network
    expect(accepted.pending).to.equal('NAT gateway pending')
    expect(accepted.publicSubnets).to.have.length(1)
    await becomes(all)
    expect(aws.said.join()).to.match(/waiting for NAT gateways of shop to be available: nat-\w+ pending/)
    expect(aws.seconds()).to.be.within(80, 110)
    expect(await there()).to.deep.equal(parts)
  })

  it('fails as soon as its NAT gateway does, and the next apply makes another in its place', async () => {
    aws.lab.courses.set('NAT gateway', { ms: 20_000, ends: 'failed', reason: 'no free address in the subnet' })
    expect(await fault(becomes(all))).to.match(/^E787 the NAT gateway nat-\w+ failed: no free address in the subnet$/)
    expect(aws.seconds()).to.be.lessThan(60)
    expect(network.diff(all, await read(all)).fields.map(({ path }) => path)).to.include('nat')
    // the next one works; the first stays as it is until it is gone
    const failed = (await read(all))?.made?.nats[0]?.id
    const cloud = await aws.cloud()
    const have = await read(all)
    await network.apply(network.diff(all, have), all, have, cloud)
    aws.lab.courses.clear()
    const now = await becomes(all)
    expect(now.made?.nats.map(({ id }) => id))
      .to.have.length(1)
      .and.not.include(failed)
    expect(await there()).to.deep.equal(parts)
  })

  it('is taken up wherever the run that made it was cut off, and nothing is there twice', async () => {
    const places = new Set<string>()
    for (let passed = 0; ; passed++) {
      await aws.fresh()
      aws.lab.troubles.begin([{ what: 'stalled', of: /^ec2:(?!Describe)/, after: passed, times: 1 }])
      if (!(await cutOff(becomes(all)))) break
      places.add((await there()).join())
      await becomes(all)
      expect(await there(), `cut off at call ${passed + 1}`).to.deep.equal(parts)
    }
    expect(places.size).to.be.greaterThan(6)
  })

  it('is gone when the run that took it away was cut off and another ended it', async () => {
    let passed = 0
    for (; ; passed++) {
      await aws.fresh()
      await becomes(all)
      aws.lab.troubles.begin([{ what: 'stalled', of: /^ec2:(?!Describe)/, after: passed, times: 1 }])
      if (!(await cutOff(goes(all)))) break
      await goes(all)
      expect(await there(), `cut off at call ${passed + 1}`).to.deep.equal([])
      expect(await network.owned?.(await aws.cloud())).to.deep.equal([])
    }
    expect(passed).to.be.greaterThan(9)
  })

  it('is there once though every answer was lost once, and seen late', async () => {
    aws.lab.troubles.begin([
      { what: 'failed reply', of: /^ec2:(?!Describe)/, times: 1 },
      { what: 'not visible', of: /^ec2:(Create|Allocate)/, times: 2 },
    ])
    await becomes(all)
    expect(aws.lab.troubles.happened()['failed reply']).to.be.greaterThan(8)
    aws.lab.troubles.end()
    expect(await there()).to.deep.equal(parts)
    aws.lab.troubles.begin([{ what: 'failed reply', of: /^ec2:(?!Describe)/, times: 1 }])
    await goes(all)
    aws.lab.troubles.end()
    expect(await there()).to.deep.equal([])
  })

  it('waits for who is in a subnet that goes, and names him', async () => {
    const two = { name: 'shop', cidr: '10.20.0.0/16', zones: 2 }
    const made = await becomes(two)
    const { Instances: [instance] = [] } = await ec2.send(
      new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: ubuntuImage, SubnetId: made.publicSubnets[1] }),
    )
    const id = instance?.InstanceId ?? ''
    const one = { ...two, zones: 1 }
    const have = await read(one)
    expect(have?.publicSubnets).to.deep.equal(made.publicSubnets.slice(0, 1))
    const change = network.diff(one, have)
    expect(change.fields.map(({ path, disruption }) => [path, disruption])).to.deep.equal([['subnets', 'restart']])
    const going = becomes(one)
    while (!aws.said.some((text) => text.includes(`of the instance ${id}`))) await sleep(5)
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))
    await going
    expect((await there()).filter((name) => name.endsWith('1b'))).to.deep.equal([])
  })

  it('stays as long as something of others is in it, which is named', async () => {
    const want = { name: 'shop', cidr: '10.20.0.0/16', zones: 1, private: false }
    const { id } = await becomes(want)
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'strange', Description: 'of somebody', VpcId: id }),
    )
    const going = goes(want)
    while (!aws.said.some((text) => text.includes(`the security group strange (${GroupId}), which no playbook made`)))
      await sleep(5)
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }))
    await going
    expect(await there()).to.deep.equal([])
  })

  it('takes over a VPC that somebody made by hand, with what in it is where it would be', async () => {
    const TagSpecifications = [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'Name', Value: 'shop' }] }]
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16', TagSpecifications }))
    const place = { VpcId: Vpc?.VpcId ?? '', AvailabilityZone: 'us-east-1b' }
    await ec2.send(new CreateSubnetCommand({ ...place, CidrBlock: '10.20.0.0/20' }))
    await ec2.send(new CreateSubnetCommand({ ...place, CidrBlock: '10.20.16.0/24' }))
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}))
    const InternetGatewayId = InternetGateway?.InternetGatewayId ?? ''
    await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: place.VpcId }))
    const want = { name: 'shop', cidr: '10.20.0.0/16', zones: 2 }
    const have = (await read(want)) as Network
    expect(have.tags).to.deep.equal({ Name: 'shop' })
    expect(have.made?.taken).to.deep.equal(['10.20.16.0/24'])
    const cloud = await aws.cloud()
    await network.tag?.(have, cloud.tags, cloud)
    const now = await becomes(want)
    expect(now.id).to.equal(place.VpcId)
    expect(now.made?.gateway).to.equal(InternetGatewayId)
    // the place that is taken is left out
    expect(now.made?.subnets.map(({ zone, cidr }) => `${zone} ${cidr}`).toSorted()).to.deep.equal([
      'us-east-1a 10.20.160.0/20',
      'us-east-1a 10.20.32.0/20',
      'us-east-1b 10.20.0.0/20',
      'us-east-1b 10.20.128.0/20',
    ])
    expect(now.made?.common).to.include({ ...cloud.tags, 'runner:network': 'shop' })
  })

  it('keeps the addresses of its NAT gateways to itself', async () => {
    await becomes(all)
    const cloud = await aws.cloud()
    expect(await elasticIp.owned?.(cloud)).to.deep.equal([])
    expect(await elasticIp.read({ name: 'shop-nat-us-east-1a' }, cloud)).to.equal(undefined)
    expect(await network.owned?.(cloud)).to.deep.equal([{ name: 'shop', cidr: '10.20.0.0/16' }])
  })
})
