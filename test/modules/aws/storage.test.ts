import { ModifyDBClusterParameterGroupCommand } from '@aws-sdk/client-rds'
import { expect } from 'chai'
import { findModule } from '../../../runner/modules/find.ts'
import type { CloudModule } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { engineVersions } from '../../lab/overlay/engine-versions.ts'
import { fileSystems } from '../../lab/overlay/file-systems.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { makeObject } from './object.ts'

const object = async (name: string, first: Values) => await makeObject(emulator.cloud, name, first)
let emulator: Emulator
let subnets: readonly string[]

before(async function () {
  this.timeout(60_000)
  emulator = await startEmulator({}, [fileSystems(), engineVersions()], 'us-east-1')
  const network = (await findModule('aws.network')) as CloudModule
  subnets = (await network.read({ vpc: 'default', zones: 3 }, await emulator.cloud('Network'))).publicSubnets
})
after(() => emulator.close())

describe('aws.efs and aws.db_cluster, all that they can be told', () => {
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
