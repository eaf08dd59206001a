import { expect } from 'chai'
import { cloudPart, writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { refusal, type Call, type Rule } from '../lab/overlay/rule.ts'
import { makeRules } from '../lab/overlay/rules.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

describe('when AWS refuses calls', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let refuses: (call: Call) => readonly [code: string, message: string] | undefined = () => undefined
  const words = ['playbooks/cloud.yml', '-i', 'inventory/lab.yml']

  const operations = [
    'ec2:DescribeSecurityGroups',
    'ec2:CreateSecurityGroup',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:RunInstances',
    'ec2:DescribeInstances',
    'ec2:CreateImage',
    'elb:CreateTargetGroup',
    'elb:CreateLoadBalancer',
    'elb:DescribeLoadBalancers',
    'rds:CreateDBCluster',
    'rds:DescribeDBClusters',
    'autoscaling:DescribeAutoScalingGroups',
    'autoscaling:CreateAutoScalingGroup',
  ]
  const refusing: Rule = {
    because: 'a fault of this test',
    operations,
    handle: async (call, next) => {
      const why = refuses(call)
      return why ? refusal(call, ...why) : await next()
    },
  }

  before(async () => {
    emulator = await startEmulator({ rules: (courses) => [refusing, ...makeRules(courses)] })
    runner = makeRunner(emulator.env)
    cloudPart(runner)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })
  beforeEach(async () => await emulator.empty())
  afterEach(() => (refuses = () => undefined))

  it('three of ten for being too many: all is made, nothing twice', async () => {
    let count = 0
    refuses = () => (count++ % 10 < 3 ? ['RequestLimitExceeded', 'Request limit exceeded.'] : undefined)
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    refuses = () => undefined
    expect(count).to.be.greaterThan(20)
    expect(await objectsIn(emulator.env)).to.have.length(16)
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('because a quota is used up: said at once, and only tried once', async () => {
    refuses = ({ operation }) =>
      operation === 'CreateLoadBalancer'
        ? ['LimitExceededException', 'You have reached the quota of load balancers']
        : undefined
    const { exit, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stderr).to.contain('E809').and.to.contain('You have reached the quota of load balancers')
    expect(emulator.calls()['elb:CreateLoadBalancer']).to.equal(1)
  })

  it('because the credentials are wrong: within seconds', async () => {
    refuses = ({ service }) =>
      service === 'ec2' ? ['AuthFailure', 'AWS was not able to validate the provided access credentials'] : undefined
    const started = Date.now()
    const { exit, stderr } = await runner.run('plan', ...words)
    expect(exit).to.equal(1)
    expect(stderr).to.contain('E803')
    expect(Date.now() - started).to.be.lessThan(30_000)
  })

  it('because the credentials ran out in the middle: said so, and the next run goes on', async () => {
    refuses = ({ operation }) =>
      operation === 'CreateAutoScalingGroup'
        ? ['ExpiredToken', 'The security token included in the request is expired']
        : undefined
    const { exit, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stderr).to.contain('E802').and.to.contain('what was done stays done')
    refuses = () => undefined
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect(await objectsIn(emulator.env)).to.have.length(16)
  })

  it('would refuse two rules that differ in nothing but the description: the plan names both lines', async () => {
    const twice = writePlaybook(
      runner,
      'twice.yml',
      `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Network
      aws.network: { vpc: default, zones: 2 }
      register: network
    - name: Access
      aws.security_group:
        name: web
        vpc: "{{ network.vpc_id }}"
        ingress:
          - { port: 80, cidr: 10.0.0.0/8, description: one }
          - { port: 443, cidr: 10.0.0.0/8 }
          - { port: 80, cidr: 10.0.0.5/8, description: two }
`,
    )
    const { exit, stderr } = await runner.run('plan', twice, '-i', 'inventory/lab.yml')
    expect(exit).to.equal(1)
    expect(stderr).to.match(/E779.*rules 1 and 3 are one to AWS \(tcp 80 of 10\.0\.0\.0\/8\)/)
    expect(stderr).to.contain('twice.yml:14:13').and.to.contain('twice.yml:12:13')
  })
})
