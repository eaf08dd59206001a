import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import {
  CreateDBClusterCommand,
  DeleteDBClusterCommand,
  DescribeDBClustersCommand,
  type CreateDBClusterCommandInput,
} from '@aws-sdk/client-rds'
import { DescribeInstancesCommand, RunInstancesCommand, type RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import { CreateFileSystemCommand, DeleteMountTargetCommand, DescribeFileSystemsCommand } from '@aws-sdk/client-efs'
import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { expect } from 'chai'
import { clientsFor, refused, type Clients } from './aws-clients.ts'
import { serviceModels } from './emulator.ts'
import { callOf } from './overlay/call.ts'
import { bodyOf } from './overlay/forward.ts'
import { javaPattern } from './overlay/model/check.ts'
import { requestFaults } from './overlay/model/request.ts'
import { startOverlay, type Overlay } from './overlay/overlay.ts'

/** The overlay alone: requests that AWS would not take are refused before the emulator sees them. */
describe('requests against AWS’s own service models', function () {
  this.timeout(5 * 60_000)
  let overlay: Overlay
  let aws: Clients
  before(async () => {
    const models = await serviceModels()
    // no emulator is behind it: what passes is answered by a rule, with nothing
    const all = ['ec2:RunInstances', 'ec2:DescribeInstances', 'rds:CreateDBCluster', 'rds:DeleteDBCluster']
    const more = ['rds:DescribeDBClusters', 'efs:CreateFileSystem', 'efs:DescribeFileSystems']
    overlay = await startOverlay(1, models, [
      {
        because: 'a test',
        operations: [...all, ...more],
        handle: async ({ service, operation }) =>
          await Promise.resolve(
            service === 'efs'
              ? { status: 200, type: 'application/json', body: '{}' }
              : {
                  status: 200,
                  type: 'text/xml',
                  body: `<${operation}Response><${operation}Result/></${operation}Response>`,
                },
          ),
      },
    ])
    aws = clientsFor(overlay.endpoint)
  })
  afterEach(() => void overlay.faults())
  after(async () => await overlay?.close())

  const database: CreateDBClusterCommandInput = {
    DBClusterIdentifier: 'shop',
    Engine: 'mysql',
    BackupRetentionPeriod: 7,
    VpcSecurityGroupIds: ['sg-1', 'sg-2'],
    Tags: [{ Key: 'a', Value: 'b' }],
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
  }
  const instance: RunInstancesCommandInput = {
    MinCount: 1,
    MaxCount: 1,
    ImageId: 'ami-1',
    InstanceType: 't3.small',
    SecurityGroupIds: ['sg-1'],
    NetworkInterfaces: [{ DeviceIndex: 0, Groups: ['sg-1'], AssociatePublicIpAddress: true }],
    BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8, Encrypted: true } }],
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'k', Value: 'v' }] }],
    MetadataOptions: { HttpTokens: 'required' },
  }
  const faults = async (call: Promise<unknown>): Promise<readonly string[]> => {
    await refused(call)
    return overlay.faults()
  }

  it('takes what is right, in each protocol', async () => {
    await aws.rds.send(new CreateDBClusterCommand(database))
    await aws.rds.send(new DescribeDBClustersCommand({ Filters: [{ Name: 'engine', Values: ['mysql', 'postgres'] }] }))
    await aws.ec2.send(new RunInstancesCommand(instance))
    await aws.ec2.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'tag:a', Values: ['b', 'c'] }], MaxResults: 5 }),
    )
    await aws.efs.send(
      new CreateFileSystemCommand({ CreationToken: 'a', Encrypted: true, Tags: [{ Key: 'a', Value: '' }] }),
    )
    await aws.efs.send(new DescribeFileSystemsCommand({ CreationToken: 'a', MaxItems: 20 }))
    expect(overlay.faults()).to.deep.equal([])
  })

  const wrong: readonly (readonly [what: string, send: () => Promise<unknown>, fault: string])[] = [
    [
      'a member that is missing',
      () => aws.rds.send(new CreateDBClusterCommand({ ...database, Engine: undefined })),
      'rds:CreateDBCluster: Engine is required',
    ],
    [
      'a member that is missing further down',
      () => aws.rds.send(new DescribeDBClustersCommand({ Filters: [{ Name: 'engine' } as never] })),
      'rds:DescribeDBClusters: Values of Filters.1 is required',
    ],
    [
      'a value that is not of its enumeration',
      () => aws.ec2.send(new RunInstancesCommand({ ...instance, MetadataOptions: { HttpTokens: 'maybe' as never } })),
      'ec2:RunInstances: MetadataOptions.HttpTokens "maybe" is not of its enumeration',
    ],
    [
      'a number that is text',
      () => aws.ec2.send(new RunInstancesCommand({ ...instance, MinCount: 'one' as never })),
      'ec2:RunInstances: MinCount must be a integer, not "one"',
    ],
    [
      'a broken number',
      () => aws.ec2.send(new DescribeInstancesCommand({ MaxResults: 1.5 })),
      'ec2:DescribeInstances: MaxResults must be a integer, not "1.5"',
    ],
    [
      'a text that is too long',
      () => aws.efs.send(new CreateFileSystemCommand({ CreationToken: 'x'.repeat(65) })),
      'efs:CreateFileSystem: CreationToken must have at most 64 characters, not 65',
    ],
    [
      'a text that does not match its pattern, in a path',
      () => aws.efs.send(new DeleteMountTargetCommand({ MountTargetId: 'mount-0123456789' })),
      'efs:DeleteMountTarget: MountTargetId "mount-0123456789" must match ^fsmt-[0-9a-f]{8,40}$',
    ],
    [
      'a number out of its range, in a query',
      () => aws.efs.send(new DescribeFileSystemsCommand({ MaxItems: 0 })),
      'efs:DescribeFileSystems: MaxItems must be at least 1, not 0',
    ],
    [
      'an empty text',
      () =>
        aws.autoscaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName: '', MinSize: 1, MaxSize: 1 })),
      'autoscaling:CreateAutoScalingGroup: AutoScalingGroupName must have at least 1 characters, not 0',
    ],
    [
      'JSON of another type',
      () => aws.ssm.send(new GetParameterCommand({ Name: 'a', WithDecryption: 'yes' as never })),
      'ssm:GetParameter: WithDecryption must be a boolean, not "yes"',
    ],
    [
      'a port out of its range',
      () => aws.elb.send(new CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 65_536 })),
      'elb:CreateTargetGroup: Port must be at most 65535, not 65536',
    ],
  ]
  for (const [what, send, fault] of wrong)
    it(`refuses ${what}`, async () => expect(await faults(send())).to.deep.equal([fault]))

  it('refuses members and operations that AWS does not know, and lists with a gap', async () => {
    const asked = async (service: string, body: string) =>
      await fetch(overlay.endpoint, {
        method: 'POST',
        body,
        headers: { authorization: `AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/${service}/aws4_request, S=0` },
      })
    const answer = await asked('ec2', 'Action=DescribeInstances&Version=2016-11-15&Filters.1.Name=a')
    expect(answer.status).to.equal(400)
    await asked('ec2', 'Action=DescribeInstances&Version=2016-11-15&InstanceId.2=i-1')
    await asked('rds', 'Action=DescribeEverything&Version=2014-10-31')
    await asked('rds', 'Action=DeleteDBCluster&Version=2014-09-01&DBClusterIdentifier=shop')
    await asked('nothing', 'Action=Describe')
    expect(overlay.faults()).to.deep.equal([
      'ec2:DescribeInstances: no member Filters',
      'ec2:DescribeInstances: InstanceIds must be a list',
      'rds:DescribeEverything: rds has no operation DescribeEverything',
      'rds:DeleteDBCluster: version 2014-09-01 is not 2014-10-31',
      'nothing:Describe: botocore has no model of the service nothing',
    ])
  })

  it('fails whoever closes it after such a request', async () => {
    const other = await startOverlay(1, await serviceModels(), [])
    await refused(clientsFor(other.endpoint).rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: undefined })))
    const closing = await other.close().catch(String)
    expect(closing).to.contain('rds:DeleteDBCluster: DBClusterIdentifier is required')
  })

  it('reads REST with XML, too', async () => {
    const models = await serviceModels()
    const seen: (readonly string[])[] = []
    const server = createServer((incoming, outgoing) => {
      void bodyOf(incoming).then((body) => {
        const call = callOf(models, incoming, body)
        seen.push([call.operation, ...requestFaults(models, call)])
        outgoing.end()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const change = async (action: string, path = 'rrset', more = '') =>
      await fetch(`http://127.0.0.1:${port}/2013-04-01/hostedzone/Z1/${path}`, {
        method: 'POST',
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/route53/aws4_request, S=0' },
        body: `<?xml version="1.0"?><ChangeResourceRecordSetsRequest xmlns="x"><ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>a.example.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>${more}</ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
      })
    await change('UPSERT')
    await change('REPLACE', 'rrset/', '<Port>1</Port>')
    server.close()
    expect(seen).to.deep.equal([
      ['ChangeResourceRecordSets'],
      [
        'ChangeResourceRecordSets',
        'ChangeBatch.Changes.1.Action "REPLACE" is not of its enumeration',
        'no member Port of ChangeBatch.Changes.1.ResourceRecordSet',
      ],
    ])
  })

  it('understands every pattern of the services in use', async () => {
    const models = await serviceModels()
    const names = ['ec2', 'autoscaling', 'rds', 'elasticloadbalancing', 'elasticfilesystem', 'ssm', 'secretsmanager']
    const others = ['sts', 'acm', 'iam', 'route53', 'tagging', 'application-autoscaling']
    const patterns = [...names, ...others].flatMap((name) =>
      Object.values(models(name)?.shapes ?? {}).flatMap(({ pattern }) => pattern ?? []),
    )
    expect(patterns.length).to.be.greaterThan(300)
    for (const pattern of patterns) expect(() => javaPattern(pattern)).to.not.throw()
    const text = javaPattern(String.raw`[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*`)
    expect([text.test('a 😀\n'), text.test('\u0007')]).to.deep.equal([true, false])
  })
})
