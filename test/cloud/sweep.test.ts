import {
  CreateSecurityGroupCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import { clientsFor, type Clients } from '../lab/aws-clients.ts'
import { cloudPart, writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

describe('a destroy proves that nothing is left', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let aws: Clients
  let runner: Runner
  const words = ['playbooks/cloud.yml', '-i', 'inventory/lab.yml']
  const tags = [{ Key: 'runner:playbook', Value: 'cloud' }]

  before(async () => {
    emulator = await startEmulator()
    aws = clientsFor(emulator.endpoint)
    runner = makeRunner(emulator.env)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })
  beforeEach(async () => await emulator.empty())

  it('says so when it is so, also of a whole deployment', async () => {
    cloudPart(runner)
    expect((await runner.apply(...words)).exit).to.equal(0)
    const { exit, stdout, stderr } = await runner.run('destroy', '--yes', ...words)
    expect(stdout, stderr).to.match(/^Nothing is left/m)
    expect(exit).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal([])
  })

  it('lists what the playbook does not name and how to be rid of it, and fails', async () => {
    cloudPart(runner)
    const specification = (ResourceType: 'security-group' | 'volume') => [{ ResourceType, Tags: tags }]
    await aws.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: 'forgotten',
        Description: 'of an older playbook',
        TagSpecifications: specification('security-group'),
      }),
    )
    const { VolumeId = '' } = await aws.ec2.send(
      new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1, TagSpecifications: specification('volume') }),
    )
    const { exit, stdout } = await runner.run('destroy', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stdout).to.contain('2 things are left')
    expect(stdout).to.match(
      /✗ aws\.security_group forgotten \(sg-\w+\): the playbook does not name it\n +runner destroy playbooks\/cloud\.yml --prune/,
    )
    expect(stdout).to.contain(`aws ec2 delete-volume --volume-id ${VolumeId}`)
    await aws.ec2.send(new DeleteVolumeCommand({ VolumeId }))
    const again = await runner.run('destroy', '--yes', '--prune', ...words)
    expect(again.stdout).to.contain('Nothing is left in AWS.')
    expect(again.exit).to.equal(0)
  })

  it('waits for who holds a security group, and names him', async () => {
    writePlaybook(
      runner,
      'cloud.yml',
      `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Network
      aws.network: { vpc: default, zones: 1 }
      register: network
    - name: Access
      aws.security_group: { name: held, vpc: "{{ network.vpc_id }}" }
`,
    )
    expect((await runner.apply(...words)).exit).to.equal(0)
    const { SecurityGroups: [group] = [] } = await aws.ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['held'] }] }),
    )
    const { Subnets: [subnet] = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}))
    const { Instances: [instance] = [] } = await aws.ec2.send(
      new RunInstancesCommand({
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [group?.GroupId ?? ''],
        SubnetId: subnet?.SubnetId ?? '',
        ImageId: 'ami-12c6146b',
      }),
    )
    const child = runner.start('destroy', '--yes', '-o', 'json', ...words)
    let said = ''
    const named = new Promise<void>((resolve) =>
      child.stdout?.on('data', (data: Buffer) => {
        said += data.toString()
        if (said.includes(`of the instance ${instance?.InstanceId}`)) resolve()
      }),
    )
    await named
    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance?.InstanceId ?? ''] }))
    const { exitCode } = await child
    expect(exitCode).to.equal(0)
    expect(said).to.contain('"type":"sweep","left":[]')
  })
})
