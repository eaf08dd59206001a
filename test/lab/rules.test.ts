import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
} from '@aws-sdk/client-rds'
import {
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import {
  CreateFileSystemCommand,
  DescribeBackupPolicyCommand,
  DescribeFileSystemsCommand,
  PutBackupPolicyCommand,
  UpdateFileSystemCommand,
} from '@aws-sdk/client-efs'
import { GetParameterCommand, GetParametersCommand } from '@aws-sdk/client-ssm'
import { expect } from 'chai'
import { clientsFor, refused, type Clients } from './aws-clients.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { ubuntuImage } from './overlay/images.ts'

/** Each rule by what the SDK sees of it; without the rule moto answers otherwise. */
describe('the emulator of the lab', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let aws: Clients
  before(async () => {
    emulator = await startEmulator()
    aws = clientsFor(emulator.endpoint)
  })
  beforeEach(async () => await emulator.empty())
  after(async () => await emulator?.close())

  const canonical = '/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id'
  const run = { MinCount: 1, MaxCount: 1, ImageId: ubuntuImage, InstanceType: 't3.small' } as const

  it('counts calls by service and operation, writes apart, and none of those its rules make', async () => {
    const { FileSystemId: id } = await aws.efs.send(new CreateFileSystemCommand({ CreationToken: 'a' }))
    await aws.efs.send(new UpdateFileSystemCommand({ FileSystemId: id ?? '', ThroughputMode: 'elastic' }))
    await aws.rds.send(new DescribeDBInstancesCommand({}))
    await aws.ssm.send(new GetParameterCommand({ Name: canonical }))
    expect(emulator.calls()).to.deep.equal({
      'efs:CreateFileSystem': 1,
      'efs:UpdateFileSystem': 1,
      'rds:DescribeDBInstances': 1,
      'ssm:GetParameter': 1,
    })
    expect(emulator.writes()).to.deep.equal({ 'efs:CreateFileSystem': 1, 'efs:UpdateFileSystem': 1 })
    emulator.clear()
    expect(emulator.calls()).to.deep.equal({})
  })

  it('forgets all objects, those of the rules, too', async () => {
    await aws.ec2.send(new RunInstancesCommand({ ...run, ClientToken: 'one' }))
    await emulator.empty()
    expect((await aws.ec2.send(new DescribeInstancesCommand({}))).Reservations).to.deep.equal([])
    await aws.ec2.send(new RunInstancesCommand({ ...run, ClientToken: 'one' }))
    expect((await aws.ec2.send(new DescribeInstancesCommand({}))).Reservations).to.have.length(1)
  })

  it('has the parameter that names the newest Ubuntu image, and that image', async () => {
    const { Parameter: one } = await aws.ssm.send(new GetParameterCommand({ Name: canonical }))
    const { Parameters: both, InvalidParameters: wrong } = await aws.ssm.send(
      new GetParametersCommand({ Names: [canonical, '/none'] }),
    )
    expect(both?.map((parameter) => parameter.Value)).to.deep.equal([one?.Value])
    expect(wrong).to.deep.equal(['/none'])
    const { Images: images } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [one?.Value ?? ''] }))
    expect(images?.[0]?.State).to.equal('available')
  })

  it('tags the image and takes tags for its snapshots', async () => {
    const { Instances: [instance] = [] } = await aws.ec2.send(new RunInstancesCommand(run))
    const tags = [{ Key: 'k', Value: 'v' }]
    const { ImageId: id } = await aws.ec2.send(
      new CreateImageCommand({
        InstanceId: instance?.InstanceId ?? '',
        Name: 'made',
        TagSpecifications: [
          { ResourceType: 'snapshot', Tags: tags },
          { ResourceType: 'image', Tags: tags },
        ],
      }),
    )
    const { Images: [image] = [] } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id ?? ''] }))
    expect(image?.Tags).to.deep.equal(tags)
  })

  describe('a client token', () => {
    it('makes one instance of two calls, also when both are under way', async () => {
      const call = new RunInstancesCommand({ ...run, ClientToken: 'one' })
      const both = await Promise.all([aws.ec2.send(call), aws.ec2.send(call)])
      expect(new Set(both.map((answer) => answer.Instances?.[0]?.InstanceId)).size).to.equal(1)
      const { Reservations: all } = await aws.ec2.send(new DescribeInstancesCommand({}))
      expect(all).to.have.length(1)
    })

    it('is refused with other parameters', async () => {
      await aws.ec2.send(new RunInstancesCommand({ ...run, ClientToken: 'one' }))
      const other = aws.ec2.send(new RunInstancesCommand({ ...run, InstanceType: 't3.large', ClientToken: 'one' }))
      expect(await refused(other)).to.equal('IdempotentParameterMismatch')
    })

    it('of a call that failed can be used again', async () => {
      const make = { LaunchTemplateName: 'lab', LaunchTemplateData: { ImageId: ubuntuImage } }
      const version = new CreateLaunchTemplateVersionCommand({ ...make, ClientToken: 'v' })
      expect(await refused(aws.ec2.send(version))).to.not.equal('not refused')
      await aws.ec2.send(new CreateLaunchTemplateCommand({ ...make, ClientToken: 't' }))
      await aws.ec2.send(new CreateLaunchTemplateCommand({ ...make, ClientToken: 't' }))
      await aws.ec2.send(version)
      await aws.ec2.send(version)
      const { LaunchTemplateVersions: all } = await aws.ec2.send(
        new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: 'lab' }),
      )
      expect(all?.map((one) => one.VersionNumber)).to.have.members([1, 2])
    })
  })

  describe('a Multi-AZ DB cluster', () => {
    const cluster = {
      DBClusterIdentifier: 'Shop',
      Engine: 'mysql',
      DBClusterInstanceClass: 'db.m6gd.large',
      AllocatedStorage: 100,
      MasterUsername: 'admin1',
      ManageMasterUserPassword: true,
    }
    const described = async () => (await aws.rds.send(new DescribeDBClustersCommand({}))).DBClusters?.[0]
    const writers = async () =>
      (await described())?.DBClusterMembers?.filter((one) => one.IsClusterWriter).map((one) => one.DBInstanceIdentifier)

    beforeEach(async () => await aws.rds.send(new CreateDBClusterCommand(cluster)))

    it('has a writer and two readers, two endpoints and a secret', async () => {
      const found = await described()
      expect(found?.MultiAZ).to.equal(true)
      expect(found?.DBClusterMembers?.map((one) => one.IsClusterWriter)).to.deep.equal([true, false, false])
      expect(found?.Endpoint).to.match(/^shop\.cluster-[a-z0-9]+\.us-east-1\.rds\./)
      expect(found?.ReaderEndpoint).to.match(/^shop\.cluster-ro-/)
      expect(found?.MasterUserSecret?.SecretArn).to.match(/^arn:aws:secretsmanager:.*rds!cluster-/)
    })

    it('shows its members as instances of three zones, beside the others', async () => {
      const aurora = { DBClusterIdentifier: 'aurora', Engine: 'aurora-mysql' }
      await aws.rds.send(
        new CreateDBClusterCommand({ ...aurora, MasterUsername: 'admin1', MasterUserPassword: 'long-enough' }),
      )
      await aws.rds.send(
        new CreateDBInstanceCommand({ ...aurora, DBInstanceIdentifier: 'a-1', DBInstanceClass: 'db.r6g.large' }),
      )
      const names = async (ask: object) =>
        (await aws.rds.send(new DescribeDBInstancesCommand(ask))).DBInstances?.map((one) => one.DBInstanceIdentifier)
      const members = ['shop-instance-1', 'shop-instance-2', 'shop-instance-3']
      expect(await names({})).to.deep.equal(['a-1', ...members])
      expect(await names({ Filters: [{ Name: 'db-cluster-id', Values: ['shop'] }] })).to.deep.equal(members)
      expect(await names({ Filters: [{ Name: 'db-cluster-id', Values: ['aurora'] }] })).to.deep.equal(['a-1'])
      const { DBInstances: [one] = [] } = await aws.rds.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'shop-instance-2' }),
      )
      expect(one).to.deep.include({
        DBClusterIdentifier: 'shop',
        DBInstanceClass: 'db.m6gd.large',
        DBInstanceStatus: 'available',
        AvailabilityZone: 'us-east-1b',
      })
      expect(await refused(aws.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'none' })))).to.equal(
        'DBInstanceNotFoundFault',
      )
    })

    it('has another writer after a failover', async () => {
      await aws.rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: 'shop' }))
      expect(await writers()).to.deep.equal(['shop-instance-2'])
    })

    it('takes its members along when it is deleted', async () => {
      await aws.rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: 'shop', SkipFinalSnapshot: true }))
      expect((await aws.rds.send(new DescribeDBInstancesCommand({}))).DBInstances).to.deep.equal([])
    })
  })

  describe('a file system', () => {
    let id: string
    beforeEach(async () => {
      const { FileSystemId } = await aws.efs.send(
        new CreateFileSystemCommand({ CreationToken: 'files', ThroughputMode: 'bursting' }),
      )
      id = FileSystemId ?? ''
    })

    it('gets another throughput', async () => {
      await aws.efs.send(new UpdateFileSystemCommand({ FileSystemId: id, ThroughputMode: 'elastic' }))
      const { FileSystems: [found] = [] } = await aws.efs.send(new DescribeFileSystemsCommand({ FileSystemId: id }))
      expect(found).to.deep.include({ FileSystemId: id, ThroughputMode: 'elastic', CreationToken: 'files' })
    })

    it('gets backups', async () => {
      const status = async () =>
        (await aws.efs.send(new DescribeBackupPolicyCommand({ FileSystemId: id }))).BackupPolicy?.Status
      await aws.efs.send(new PutBackupPolicyCommand({ FileSystemId: id, BackupPolicy: { Status: 'ENABLED' } }))
      expect(await status()).to.equal('ENABLED')
      await aws.efs.send(new PutBackupPolicyCommand({ FileSystemId: id, BackupPolicy: { Status: 'DISABLED' } }))
      expect(await status()).to.equal('DISABLED')
    })

    it('that is not there cannot be changed', async () => {
      const change = aws.efs.send(
        new UpdateFileSystemCommand({ FileSystemId: 'fs-0123456789abcdef0', ThroughputMode: 'elastic' }),
      )
      expect(await refused(change)).to.equal('FileSystemNotFound')
    })
  })
})
