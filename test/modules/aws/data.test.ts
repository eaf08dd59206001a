import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import type { Cloud } from '../../../runner/connections/cloud.ts'
import { findModule } from '../../../runner/modules/find.ts'
import type { CloudModule } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { failureOf, makeObject, moduleOf } from './object.ts'

const object = async (name: string, first: Values) => await makeObject(emulator.cloud, name, first)

interface Place {
  readonly vpc: string
  readonly subnets: readonly string[]
  readonly groups: readonly string[]
}

let emulator: Emulator
let place: Place

describe('the modules for data and load, against an AWS in memory', () => {
  before(async function () {
    this.timeout(5 * 60_000)
    emulator = await startEmulator()
    place = await lookAround(await emulator.cloud('Network'))
  })
  after(() => emulator.close())

  it('aws.db_subnet_group', async () => {
    const want = { name: 'Books', description: 'First', subnets: place.subnets }
    const group = await object('aws.db_subnet_group', want)
    // changing it is not tried here: moto loses a group that is modified
    expect(await group.outputs()).to.include({ name: 'books' })
    await group.goes()
  })

  it('aws.db_cluster in three zones', async () => {
    const subnets = await object('aws.db_subnet_group', { name: 'zones', subnets: place.subnets })
    const want = {
      name: 'Books',
      version: '8.4',
      class: 'db.c6gd.medium',
      storage: { size: 100, type: 'gp3' },
      subnet_group: 'zones',
      security_groups: [place.groups[0] ?? ''],
      username: 'bookstore',
      backup_days: 7,
      deletion_protection: false,
      final_snapshot: true,
    }
    const cluster = await object('aws.db_cluster', want)
    expect(await cluster.outputs()).to.include.keys('name', 'arn', 'endpoint', 'reader_endpoint', 'password_secret_arn')
    await cluster.becomes({ ...want, class: 'db.m6gd.large' }, 'update')
    await cluster.becomes({ ...want, storage: { size: 200, type: 'gp3' } }, 'update')
    await cluster.becomes({ ...want, storage: { size: 200, type: 'io1', iops: 2000 } }, 'update')
    const grown = { ...want, storage: { size: 200, type: 'io1', iops: 2000 }, backup_days: 14 }
    await cluster.becomes(grown, 'update')
    await cluster.becomes({ ...grown, security_groups: place.groups }, 'update')
    // making it anew is not tried here: moto keeps the snapshot that it took of the old one, and refuses the same name
    const kept = { ...grown, security_groups: place.groups, deletion_protection: true }
    await cluster.becomes(kept, 'update')
    expect((await failureOf(cluster.goes())).message).to.match(/protected against deletion/)
    await cluster.becomes({ ...kept, deletion_protection: false }, 'update')
    await cluster.goes()
    await subnets.goes()
  })

  it('aws.db_cluster of Aurora, whose readers come and go', async () => {
    const subnets = await object('aws.db_subnet_group', { name: 'aurora', subnets: place.subnets })
    const want = {
      name: 'aurora',
      topology: 'aurora',
      version: '8.0',
      class: 'db.r6g.large',
      readers: 1,
      subnet_group: 'aurora',
      username: 'bookstore',
      deletion_protection: false,
      final_snapshot: false,
    }
    const cluster = await object('aws.db_cluster', want)
    await cluster.becomes({ ...want, readers: 2 }, 'update')
    await cluster.becomes({ ...want, readers: 1 }, 'update')
    await cluster.becomes({ ...want, class: 'db.r6g.xlarge' }, 'update')
    await cluster.goes()
    await subnets.goes()
  })

  it('aws.efs', async () => {
    const [first = '', second = '', third = ''] = place.subnets
    const want = { name: 'books', subnets: [first, second], security_groups: [place.groups[0] ?? ''] }
    const files = await object('aws.efs', want)
    expect((await files.outputs())['dns_name']).to.match(/^fs-\w+\.efs\.eu-central-1\.amazonaws\.com$/)
    await files.becomes({ ...want, subnets: [first, third] }, 'update')
    await files.becomes({ ...want, security_groups: place.groups }, 'update')
    const everywhere = { ...want, subnets: place.subnets, security_groups: [place.groups[1] ?? ''] }
    await files.becomes(everywhere, 'update')
    await files.becomes({ ...everywhere, encrypted: false }, 'replace')
    await files.goes()
  })

  it('aws.target_group and aws.load_balancer: listeners move to the group that replaces another', async () => {
    const wantedGroup = {
      name: 'books',
      port: 80,
      vpc: place.vpc,
      health_check: { path: '/readyz', interval: 15, healthy: 2, unhealthy: 3 },
      deregistration_delay: 60,
      slow_start: 30,
    }
    const targets = await object('aws.target_group', wantedGroup)
    await targets.becomes({ ...wantedGroup, health_check: { path: '/healthz', matcher: '200-299' } }, 'update')
    const slower = { ...wantedGroup, deregistration_delay: 30, stickiness: 3600 }
    await targets.becomes(slower, 'update')
    const forward = async () => ({ forward: String((await targets.outputs())['arn']) })
    const want = {
      name: 'books',
      subnets: place.subnets.slice(0, 2),
      security_groups: [place.groups[0] ?? ''],
      idle_timeout: 60,
      listeners: [{ port: 80, protocol: 'HTTP', default: await forward() }],
    }
    const balancer = await object('aws.load_balancer', want)
    expect(await balancer.outputs()).to.include.keys('arn', 'dns_name', 'zone_id', 'name')
    await balancer.becomes({ ...want, subnets: place.subnets, security_groups: place.groups }, 'update')
    await balancer.becomes({ ...want, idle_timeout: 120 }, 'update')
    const two = [...want.listeners, { port: 8080, protocol: 'HTTP', default: { redirect: 'https' } }]
    await balancer.becomes({ ...want, idle_timeout: 120, listeners: two }, 'update')

    const replacing = await targets.accept({ ...slower, port: 8080 }, 'replace')
    const moved = [{ port: 80, protocol: 'HTTP', default: await forward() }]
    expect(moved[0]?.default.forward).to.match(/targetgroup\/books-[0-9a-f]{6}\//)
    await balancer.becomes({ ...want, listeners: moved }, 'update')
    await replacing()
    expect(await targets.outputs())
      .to.have.property('name')
      .that.matches(/^books-/)

    await balancer.becomes({ ...want, listeners: moved, scheme: 'internal' }, 'replace')
    await balancer.goes()
    await targets.goes()
  })

  it('reads one kind of thing once, however many tasks ask', async () => {
    const module = await moduleOf('aws.load_balancer')
    const cloud = await emulator.cloud('Load balancer')
    cloud.changed('elb:')
    const before = emulator.calls()['elb:DescribeLoadBalancers'] ?? 0
    await Promise.all([module.read({ name: 'a' }, cloud), module.read({ name: 'b' }, cloud)])
    expect(emulator.calls()['elb:DescribeLoadBalancers']).to.equal(before + 1)
  })
})

async function lookAround(cloud: Cloud): Promise<Place> {
  const network = (await findModule('aws.network')) as CloudModule
  const { id: vpc, publicSubnets } = await network.read({ vpc: 'default', zones: 3 }, cloud)
  const ec2 = await cloud.client('ec2')
  const groups = ['one', 'two'].map(async (GroupName) => {
    const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId: vpc }))
    return made.GroupId ?? ''
  })
  return { vpc, subnets: publicSubnets, groups: await Promise.all(groups) }
}
