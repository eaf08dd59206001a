import { setTimeout as sleep } from 'node:timers/promises'
import { CreateSubnetCommand, CreateVpcCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import type { Policy } from '../../runner/plan/iam-policy.ts'
import { clientsFor } from '../lab/aws-clients.ts'
import { writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { networkObjects } from '../modules/aws/network-objects.ts'

/** An application in a network of its own, made in the same run: all who refer to it wait for it, and go before it. */
describe('a playbook with a network of its own', function () {
  this.timeout(20 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let ec2: EC2Client
  const words = ['playbooks/site.yml', '-i', 'inventory/lab.yml']
  const lookups = '\n    - name: Default network\n      aws.network: { vpc: default, zones: 2 }'
  const write = (network: string, more = ''): void =>
    void writePlaybook(
      runner,
      'site.yml',
      `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Network
      aws.network: ${network}
      register: network
    - name: Access
      aws.security_group: { name: web, vpc: "{{ network.vpc_id }}" }
      register: access
    - name: Subnets
      aws.db_subnet_group: { name: shop, subnets: "{{ network.private_subnets }}" }
    - name: Targets
      aws.target_group: { name: shop, port: 80, protocol: HTTP, vpc: "{{ network.vpc_id }}" }
      register: targets
    - name: Balancer
      aws.load_balancer:
        name: shop
        subnets: "{{ network.public_subnets }}"
        security_groups: ["{{ access.id }}"]
        listeners: [{ port: 80, protocol: HTTP, default: { forward: "{{ targets.arn }}" } }]
    - name: Host
      aws.instance:
        name: web
        image: "ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
        type: t3.small
        root_volume: { size: 8 }
        subnet: "{{ network.public_subnets[0] }}"
        security_groups: ["{{ access.id }}"]
    - name: Files
      aws.efs: { name: shop, subnets: "{{ network.private_subnets }}", security_groups: ["{{ access.id }}"] }${more}
`,
    )
  const own = '{ name: shop, cidr: 10.20.0.0/16, zones: 2, nat: one }'

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    ;({ ec2 } = clientsFor(emulator.endpoint))
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const there = async (): Promise<readonly string[]> =>
    [
      ...(await networkObjects(ec2)),
      // its addresses, which differ each time, are among the parts of the network by their names
      ...(await objectsIn(emulator.env)).filter((name) => !name.startsWith('address ')),
    ].toSorted()
  const quiet = async (): Promise<void> => void expect(changes(await runner.plan(...words))).to.deep.equal([])
  let whole: readonly string[]

  it('is planned with nothing there, row by row, made in one run and then as it is to be', async () => {
    write(own, lookups)
    const planned = await runner.run('plan', ...words)
    expect(planned.stdout).to.contain('{zone: (known after apply), cidr: 10.20.0.0/20, public: true, leads: Internet}')
    expect(planned.stdout).to.contain('cidr: 10.20.144.0/20, public: false, leads: NAT}')
    expect(planned.stdout).to.match(/^7 to create/m)
    emulator.courses.set('NAT gateway', { ms: 1500 })
    const { exit, events, stderr } = await runner.apply(...words)
    emulator.courses.clear()
    expect(exit, stderr).to.equal(0)
    const end = events.at(-1)
    expect(end?.type === 'run.done' && end.accuracy?.misses).to.deep.equal([])
    await quiet()
    whole = await there()
    expect(new Set(whole).size).to.equal(whole.length)
  })

  it('grows by a zone: what uses the subnets that are there does not move', async () => {
    write('{ name: shop, cidr: 10.20.0.0/16, zones: 3, nat: one }')
    const planned = changes(await runner.plan(...words))
    expect(planned.map(({ task, action }) => `${action} ${task}`)).to.deep.equal([
      'update Network',
      'unknown Subnets',
      'unknown Balancer',
      'unknown Files',
    ])
    emulator.clear()
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect(emulator.writes()).to.deep.equal({
      'ec2:AssociateRouteTable': 2,
      'ec2:CreateRoute': 1,
      'ec2:CreateRouteTable': 1,
      'ec2:CreateSubnet': 2,
      'ec2:ModifySubnetAttribute': 1,
      'efs:CreateMountTarget': 1,
      'elb:SetSubnets': 1,
      'rds:ModifyDBSubnetGroup': 1,
    })
    await quiet()
  })

  it('gets NAT gateways, and gives up a zone that others leave in the same run', async () => {
    write('{ name: shop, cidr: 10.20.0.0/16, zones: 3, nat: per_zone }')
    emulator.clear()
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect(emulator.writes()).to.deep.equal({
      'ec2:AllocateAddress': 2,
      'ec2:CreateNatGateway': 2,
      'ec2:ReplaceRoute': 2,
    })
    await quiet()
    write(own)
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    await quiet()
    expect(await there()).to.deep.equal(whole)
  })

  it('refuses other addresses and says what they would replace', async () => {
    write('{ name: shop, cidr: 10.30.0.0/16, zones: 2, nat: one }')
    const { exit, stderr } = await runner.run('plan', ...words)
    expect(exit).to.equal(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).to.match(
      /E744.* the VPC vpc-\w+ has 10\.20\.0\.0\/16, and AWS cannot change that: 10\.30\.0\.0\/16 would replace it, its 4 subnets, 1 NAT gateways and everything in them/,
    )
  })

  it('is allowed by its policy whatever was called so far; one that only looks up needs no writing', async () => {
    const iamName = (call: string): string =>
      call
        .replace(/^elb:/, 'elasticloadbalancing:')
        .replace(/^efs:/, 'elasticfilesystem:')
        .replace(/^tagging:/, 'tag:')
    const policyOf = async (text: string): Promise<Policy> => {
      write(text)
      const { stdout } = await runner.run('modules', '--iam-policy', 'playbooks/site.yml')
      return JSON.parse(stdout) as Policy
    }
    const made = await policyOf(own)
    const allowed = new Set(made.Statement.flatMap((one) => one.Action))
    expect(
      Object.keys(emulator.calls())
        .map(iamName)
        .filter((call) => !allowed.has(call)),
    ).to.deep.equal([])
    const within = made.Statement.find((one) => one.Sid === 'CreateIn')
    expect(within?.Action).to.include('ec2:CreateNatGateway')
    const looked = await policyOf('{ vpc: default, zones: 2 }')
    expect(JSON.stringify(looked)).not.to.match(/CreateVpc|CreateSubnet|NatGateway(?!s)/)
  })

  it('that no longer names it goes with --prune, after what was in it', async () => {
    writePlaybook(runner, 'site.yml', `- hosts: localhost\n  aws: { region: us-east-1 }\n  tasks:${lookups}\n`)
    const plan = await runner.plan(...words)
    expect(plan.entries.filter((one) => one.orphan).map((one) => one.module)).to.include('aws.network')
    const { exit, stderr } = await runner.apply(...words, '--prune', '--allow-destroy', 'Files')
    expect(exit, stderr).to.equal(0)
    expect(await there()).to.deep.equal([])
  })

  it('killed without warning is finished by the next run, and a destroy leaves nothing', async () => {
    write(own)
    // each goes on from what the one before it made
    for (const after of [1, 5, 6]) {
      emulator.troubles.begin([{ what: 'stalled', of: /^ec2:(?!Describe)/, after, times: 1 }])
      const child = runner.start('apply', '--yes', ...words)
      while (emulator.troubles.happened()['stalled'] === undefined) {
        if (child.exitCode !== undefined && child.exitCode !== null) throw new Error('it ended by itself')
        await sleep(20)
      }
      child.kill('SIGKILL')
      await child
      emulator.troubles.end()
    }
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    await quiet()
    expect(await there()).to.deep.equal(whole)
    const gone = await runner.run('destroy', '--yes', '--allow-destroy', 'Files', ...words)
    expect(gone.exit, gone.stdout).to.equal(0)
    expect(gone.stdout).to.match(/^Nothing is left/m)
    expect(await there()).to.deep.equal([])
  })
  it('that somebody made by hand is refused, and taken over and finished by --adopt', async () => {
    const TagSpecifications = [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'Name', Value: 'shop' }] }]
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16', TagSpecifications }))
    const VpcId = Vpc?.VpcId ?? ''
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId, CidrBlock: '10.20.0.0/20', AvailabilityZone: 'us-east-1b' }),
    )
    const file = writePlaybook(
      runner,
      'taken.yml',
      `- hosts: localhost\n  aws: { region: us-east-1 }\n  tasks:\n    - name: Network\n      aws.network: { name: shop, cidr: 10.20.0.0/16, zones: 2 }\n`,
    )
    const taken = [file, '-i', 'inventory/lab.yml']
    const refused = await runner.run('apply', '--yes', ...taken)
    expect(refused.exit).to.equal(1)
    expect(refused.stderr).to.contain('E714').and.to.contain('--adopt "Network"')
    const adopting = [...taken, '--adopt', 'Network']
    const [change] = changes(await runner.plan(...adopting))
    expect(change?.fields[0]).to.deep.include({ path: 'runner:playbook', after: 'taken' })
    emulator.clear()
    const { exit, stderr } = await runner.apply(...adopting)
    expect(exit, stderr).to.equal(0)
    expect(emulator.writes()).to.include({ 'ec2:CreateSubnet': 3 }).and.to.not.have.property('ec2:CreateVpc')
    expect(changes(await runner.plan(...taken))).to.deep.equal([])
    const { Subnets = [] } = await ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
    )
    expect(Subnets.map(({ SubnetId }) => SubnetId))
      .to.have.length(4)
      .and.include(Subnet?.SubnetId)
    const gone = await runner.run('destroy', '--yes', ...taken)
    expect(gone.exit, gone.stdout).to.equal(0)
    expect(await there()).to.deep.equal([])
  })
})
