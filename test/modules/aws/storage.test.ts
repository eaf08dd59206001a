import { ModifyDBClusterParameterGroupCommand } from '@aws-sdk/client-rds'
import { expect } from 'chai'
import { findModule } from '../../../runner/modules/find.ts'
import type { CloudModule } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { engineVersions } from '../../lab/overlay/engine-versions.ts'
import { fileSystems } from '../../lab/overlay/file-systems.ts'
import { result, type Rule } from '../../lab/overlay/rule.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { failureOf, makeObject, moduleOf } from './object.ts'

const object = async (name: string, first: Values) => await makeObject(emulator.cloud, name, first)
let emulator: Emulator
let subnets: readonly string[]

/** Of MySQL only db.c6gd.medium is made into Multi-AZ clusters here, and of db.t4g.medium AWS says that it is not. */
const offers: Rule = {
  because: 'RDS API Reference, DescribeOrderableDBInstanceOptions: SupportsClusters, AvailabilityZones',
  operations: ['rds:DescribeOrderableDBInstanceOptions'],
  handle: ({ parameters, operation }) => {
    const size = parameters.get('DBInstanceClass') ?? ''
    const zones = ['a', 'b', 'c'].map((one) => `<AvailabilityZone><Name>us-east-1${one}</Name></AvailabilityZone>`)
    const option = `<OrderableDBInstanceOption><DBInstanceClass>${size}</DBInstanceClass><SupportsClusters>${size === 'db.c6gd.medium'}</SupportsClusters><AvailabilityZones>${zones.join('')}</AvailabilityZones></OrderableDBInstanceOption>`
    const known = ['db.c6gd.medium', 'db.t4g.medium'].includes(size)
    return Promise.resolve(
      result(operation, `<OrderableDBInstanceOptions>${known ? option : ''}</OrderableDBInstanceOptions>`),
    )
  },
}

describe('aws.efs and aws.db_cluster, all that they can be told', () => {
  before(async function () {
    this.timeout(5 * 60_000)
    emulator = await startEmulator({}, [fileSystems(), engineVersions(), offers], 'us-east-1')
    const network = (await findModule('aws.network')) as CloudModule
    subnets = (await network.read({ vpc: 'default', zones: 3 }, await emulator.cloud('Network'))).publicSubnets
  })
  after(() => emulator.close())

  it('moves files that nobody reads, keeps backups, and pays for throughput', async () => {
    const want = { name: 'books', subnets: subnets.slice(0, 1) }
    const files = await object('aws.efs', {
      ...want,
      lifecycle: { infrequent_access: 'after_30_days', back: 'after_1_access' },
      backup: true,
    })
    await files.becomes({ ...want, lifecycle: { archive: 'after_90_days' }, backup: true }, 'update')
    await files.becomes({ ...want, lifecycle: {}, backup: false }, 'update')
    await files.becomes({ ...want, throughput: 'provisioned', provisioned_mibps: 10 }, 'update')
    await files.becomes({ ...want, throughput: 'provisioned', provisioned_mibps: 20 }, 'update')
    await files.becomes(want, 'update')
    await files.goes()
  })

  it('requires TLS of the database’s clients, by a parameter group that goes with it', async () => {
    const zones = await object('aws.db_subnet_group', { name: 'tls', description: 'Three zones', subnets })
    const want = {
      name: 'Tls',
      version: '8.4',
      class: 'db.c6gd.medium',
      storage: { size: 100 },
      subnet_group: 'tls',
      username: 'books',
      deletion_protection: false,
      final_snapshot: false,
      backup_window: '02:00-02:30',
      maintenance_window: 'Mon:03:00-Mon:04:00',
    }
    const cluster = await object('aws.db_cluster', want)
    const rds = await cluster.cloud.client('rds')
    await rds.send(
      new ModifyDBClusterParameterGroupCommand({
        DBClusterParameterGroupName: 'tls-mysql8-4',
        Parameters: [{ ParameterName: 'require_secure_transport', ParameterValue: 'OFF', ApplyMethod: 'immediate' }],
      }),
    )
    await cluster.putsBack('require_tls')
    await cluster.becomes({ ...want, require_tls: false, maintenance_window: 'sun:05:00-sun:06:00' }, 'update')
    await cluster.goes()
    await zones.goes()
    const { paginateDescribeDBClusterParameterGroups } = await import('@aws-sdk/client-rds')
    for await (const page of paginateDescribeDBClusterParameterGroups({ client: rds }, {}))
      expect(page.DBClusterParameterGroups).to.deep.equal([])
  })

  it('asks AWS in the plan whether a class can be had; what AWS does not list is not refused', async () => {
    const module = await moduleOf('aws.db_cluster')
    const cloud = await emulator.cloud('Classes')
    const check = async (size: string, have?: string): Promise<string> => {
      const want = { name: 'offered', class: size, username: 'books' }
      const there = have === undefined ? undefined : ({ class: have } as never)
      return (await failureOf(module.check?.(want, there, cloud) ?? Promise.resolve())).message
    }
    expect(await check('db.t4g.medium')).to.contain('us-east-1 offers no such cluster: mysql on db.t4g.medium')
    expect(await check('db.t4g.medium', 'db.c6gd.medium')).to.contain('offers no such cluster')
    expect(await check('db.t4g.medium', 'db.t4g.medium')).to.equal('it did not fail')
    expect(await check('db.c6gd.medium')).to.equal('it did not fail')
    expect(await check('db.r9.unheard')).to.equal('it did not fail')
    // three zones have it, but the group has only two of them
    const group = { name: 'two', description: 'Two zones', subnets: subnets.slice(0, 2) }
    const two = await object('aws.db_subnet_group', group)
    const narrow = { name: 'offered', class: 'db.c6gd.medium', username: 'books', subnet_group: 'Two' }
    const refusal = await failureOf(module.check?.(narrow, undefined, cloud) ?? Promise.resolve())
    expect(refusal.message).to.contain('offers it in 2 zones of the subnet group Two, and three are needed')
    await two.goes()
  })

  it('lets Aurora have as many readers as their load needs, each in another zone, or sizes as it needs', async () => {
    const zones = await object('aws.db_subnet_group', { name: 'scaled', description: 'Three zones', subnets })
    const want = {
      name: 'scaled',
      topology: 'aurora',
      class: 'db.r6g.large',
      readers: 2,
      subnet_group: 'scaled',
      username: 'books',
      deletion_protection: false,
      final_snapshot: false,
    }
    const cluster = await object('aws.db_cluster', want)
    const rds = await cluster.cloud.client('rds')
    const { DescribeDBInstancesCommand } = await import('@aws-sdk/client-rds')
    const { DBInstances: members = [] } = await rds.send(new DescribeDBInstancesCommand({}))
    expect(new Set(members.map((one) => one.AvailabilityZone)).size).to.equal(3)
    await cluster.becomes({ ...want, reader_scaling: { min: 1, max: 4 } }, 'update')
    await cluster.becomes({ ...want, reader_scaling: { min: 2, max: 6, target_cpu: 50 } }, 'update')
    await cluster.becomes({ ...want, class: 'db.serverless', serverless: { min: 0.5, max: 8 } }, 'update')
    await cluster.goes()
    await zones.goes()
  })
})
