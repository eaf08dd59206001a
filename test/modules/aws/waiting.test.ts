import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { DeleteFileSystemCommand, DescribeFileSystemsCommand } from '@aws-sdk/client-efs'
import { DeleteDBClusterCommand, DescribeDBClustersCommand } from '@aws-sdk/client-rds'
import { expect } from 'chai'
import { module as database } from '../../../runner/modules/aws/db-cluster/module.ts'
import { module as files } from '../../../runner/modules/aws/efs/module.ts'
import { module as image } from '../../../runner/modules/aws/image/module.ts'
import { module as instance } from '../../../runner/modules/aws/instance/module.ts'
import { module as balancer } from '../../../runner/modules/aws/load-balancer/module.ts'
import { module as subnets } from '../../../runner/modules/aws/db-subnet-group/module.ts'
import type { CloudModule } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { ubuntuImage } from '../../lab/overlay/images.ts'
import { fault, startVirtual, type Virtual } from './virtual.ts'

/** AWS takes minutes: every wait by what it says, how long it lasts, and how it ends when AWS ends it otherwise. */
describe('waiting for AWS', function () {
  this.timeout(5 * 60_000)
  let aws: Virtual
  let zones: readonly string[]
  before(async () => (aws = await startVirtual()))
  beforeEach(async () => {
    await aws.fresh()
    const ec2 = await (await aws.cloud()).client('ec2')
    const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}))
    const { Subnets: found = [] } = await ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc?.VpcId ?? ''] }] }),
    )
    zones = found.map((one) => one.SubnetId ?? '').slice(0, 3)
  })
  after(async () => await aws?.close())

  const make = (module: CloudModule, want: Values, begin?: () => void) => aws.make(module, want, begin)

  const wanted = {
    name: 'shop',
    engine: 'mysql',
    version: '8.4',
    class: 'db.m6gd.large',
    storage: { size: 100, type: 'gp3' },
    username: 'shop',
    deletion_protection: false,
    final_snapshot: false,
  }

  describe('a database', () => {
    it('is waited for until it is available, saying what it does', async () => {
      aws.lab.courses.set('database', { ms: 900_000 })
      const have = await make(database, wanted)
      expect(have.pending).to.equal(undefined)
      expect(aws.said).to.deep.equal([
        'waiting for database cluster shop: creating',
        'waiting for database cluster shop: backing-up',
      ])
      expect(aws.seconds()).to.be.within(900, 915)
    })

    it('that does not come says what was last seen, and goes on from there', async () => {
      aws.lab.courses.set('database', { ms: 100_000_000 })
      expect(await fault(make(database, wanted))).to.match(
        /^E716 database cluster shop: still not after 3\d\d\d s; last seen: creating$/,
      )
      aws.lab.courses.set('database', { ms: 4_000_000 })
      const cloud = await aws.cloud()
      const have = await database.read(wanted as never, cloud)
      const now = await database.ready(wanted as never, have as never, cloud)
      expect(now.status).to.equal('available')
    })

    for (const state of ['failed', 'inaccessible-encryption-credentials', 'incompatible-parameters'])
      it(`that becomes ${state} fails at once`, async () => {
        aws.lab.courses.set('database', { ms: 60_000, ends: state })
        expect(await fault(make(database, wanted))).to.equal(`E785 the database cluster shop is ${state}`)
        expect(aws.seconds()).to.be.lessThan(120)
      })

    it('is waited for until it is gone, and its subnets only go then', async () => {
      const cloud = await aws.cloud()
      const group = { name: 'shop', subnets: zones }
      await make(subnets, group)
      const have = await make(database, { ...wanted, subnet_group: 'shop' })
      aws.lab.courses.set('database', { goingMs: 300_000 })
      await Promise.all([
        database.destroy(wanted as never, have as never, cloud),
        subnets.destroy(group as never, (await subnets.read(group as never, cloud)) as never, cloud),
      ])
      expect(aws.said).to.include('waiting for database cluster shop to be gone: deleting')
      expect(await subnets.read(group as never, cloud)).to.equal(undefined)
    })
  })

  it('waits for a file system, then for its mount targets, and for their end', async () => {
    aws.lab.courses.set('file system', { ms: 10_000, goingMs: 5000 })
    aws.lab.courses.set('mount target', { ms: 90_000, goingMs: 30_000 })
    const want = { name: 'files', subnets: zones }
    const have = await make(files, want)
    expect(aws.said[0]).to.equal('waiting for file system files: creating')
    expect(aws.said[1]).to.match(/^waiting for mount targets of files: mount target fsmt-[0-9a-f]+ creating$/)
    expect(aws.seconds()).to.be.within(100, 112)
    const before = aws.seconds()
    await files.destroy(want as never, have as never, await aws.cloud())
    expect(aws.said.at(-1)).to.equal('waiting for file system files to be gone: its mount targets are being deleted')
    expect(aws.seconds() - before).to.be.within(30, 40)
  })

  it('waits for a load balancer, and fails at once when that fails', async () => {
    const want = { name: 'web', subnets: zones, listeners: [] }
    aws.lab.courses.set('load balancer', { ms: 180_000 })
    await make(balancer, want)
    expect(aws.said).to.deep.equal(['waiting for load balancer web to be active: provisioning'])
    expect(aws.seconds()).to.be.within(180, 190)
    aws.lab.courses.set('load balancer', { ms: 20_000, ends: 'failed', reason: 'no free addresses' })
    expect(await fault(make(balancer, { ...want, name: 'other' }))).to.match(/^E787 the load balancer other failed/)
  })

  it('waits for an instance to run and for AWS’s checks', async () => {
    aws.lab.courses.set('instance', { ms: 30_000 })
    aws.lab.courses.set('status checks', { ms: 150_000 })
    await make(instance, {
      name: 'host',
      image: ubuntuImage,
      type: 't3.small',
      subnet: zones[0] as string,
      root_volume: { size: 16 },
    })
    expect(aws.said).to.deep.equal([
      'waiting for instance host: pending',
      'waiting for instance host: checks: initializing',
    ])
    expect(aws.seconds()).to.be.within(150, 156)
  })

  it('fails at once when an instance ends instead', async () => {
    aws.lab.courses.set('instance', { ms: 20_000, ends: 'terminated', reason: 'the volume’s key may not be used' })
    aws.lab.courses.set('status checks', { ms: 200_000 })
    const want = {
      name: 'host',
      image: ubuntuImage,
      type: 't3.small',
      subnet: zones[0] as string,
      root_volume: { size: 16 },
    }
    const said = await fault(make(instance, want))
    expect(said).to.match(/^E757 the instance host \(i-[0-9a-f]+\) ended before it was ready/)
    expect(said).to.contain('the volume’s key may not be used')
    expect(aws.seconds()).to.be.lessThan(40)
  })

  describe('an image', () => {
    const want = async () => {
      const ec2 = await (await aws.cloud()).client('ec2')
      const { Instances: [made] = [] } = await ec2.send(
        new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: ubuntuImage, InstanceType: 't3.small' }),
      )
      return { name: 'shop', instance: made?.InstanceId ?? '', content: { a: 1 } }
    }

    it('is waited for', async () => {
      aws.lab.courses.set('image', { ms: 400_000 })
      await make(image, await want())
      expect(aws.said).to.have.length(1)
      expect(aws.said[0]).to.match(/^waiting for image shop-[0-9a-f]+: pending$/)
      expect(aws.seconds()).to.be.within(400, 410)
    })

    it('that fails does so at once, with AWS’s reason', async () => {
      aws.lab.courses.set('image', { ms: 60_000, ends: 'failed', reason: 'the snapshot failed' })
      expect(await fault(make(image, await want()))).to.match(
        /^E758 the image shop-[0-9a-f]+ failed: the snapshot failed/,
      )
    })
  })

  it('ends a wait when told to stop', async () => {
    aws.lab.courses.set('database', { ms: 100_000_000 })
    const doing = make(database, wanted, () => setTimeout(() => aws.stop(), 50))
    expect(await fault(doing)).to.equal('Error: interrupted')
  })

  describe('what AWS is deleting is not there any more:', () => {
    const reads = async (module: CloudModule, want: Values): Promise<unknown> => {
      const cloud = await aws.cloud()
      cloud.changed('')
      return await module.read(want as never, cloud)
    }

    it('a database', async () => {
      await make(database, wanted)
      aws.lab.courses.set('database', { goingMs: 300_000 })
      const rds = await (await aws.cloud()).client('rds')
      await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: 'shop', SkipFinalSnapshot: true }))
      const { DBClusters: all = [] } = await rds.send(new DescribeDBClustersCommand({}))
      expect(all.map(({ Status }) => Status)).to.deep.equal(['deleting'])
      expect(await reads(database, wanted)).to.equal(undefined)
    })

    it('a file system', async () => {
      const want = { name: 'files', subnets: [] }
      const { id } = await make(files, want)
      aws.lab.courses.set('file system', { goingMs: 300_000 })
      const efs = await (await aws.cloud()).client('efs')
      await efs.send(new DeleteFileSystemCommand({ FileSystemId: id }))
      const { FileSystems: all = [] } = await efs.send(new DescribeFileSystemsCommand({}))
      expect(all.map(({ LifeCycleState }) => LifeCycleState)).to.deep.equal(['deleting'])
      expect(await reads(files, want)).to.equal(undefined)
    })

    it('an instance, which AWS shows for an hour', async () => {
      const want = { name: 'host', image: ubuntuImage, type: 't3.small', subnet: zones[0] as string }
      const { id } = await make(instance, { ...want, root_volume: { size: 16 } })
      const ec2 = await (await aws.cloud()).client('ec2')
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))
      const { Reservations: all = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      expect(all).to.have.length(1)
      expect(await reads(instance, want)).to.equal(undefined)
    })
  })
})
