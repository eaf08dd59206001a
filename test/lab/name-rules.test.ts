import { CreateSecurityGroupCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2'
import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateDBClusterCommand, DeleteDBClusterCommand } from '@aws-sdk/client-rds'
import { expect } from 'chai'
import { clientsFor, refused, type Clients } from './aws-clients.ts'
import { startEmulator, type Emulator } from './emulator.ts'

/** Names that are taken, and what is protected. */
describe('names in the lab', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let aws: Clients
  before(async () => {
    emulator = await startEmulator()
    aws = clientsFor(emulator.endpoint)
  })
  after(async () => await emulator?.close())

  it('are taken once by groups, whatever their case', async () => {
    const make = (GroupName: string) => aws.ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'a' }))
    await make('web')
    expect(await refused(make('WEB'))).to.equal('InvalidGroup.Duplicate')
  })

  it('give the same load balancer for the same settings, which goes only without its protection', async () => {
    const { Subnets: all = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}))
    const Subnets = all.map((one) => one.SubnetId ?? '').slice(0, 2)
    const make = (Scheme: 'internal' | 'internet-facing') =>
      aws.elb.send(new CreateLoadBalancerCommand({ Name: 'web', Subnets, Scheme }))
    const LoadBalancerArn = (await make('internal')).LoadBalancers?.[0]?.LoadBalancerArn
    expect((await make('internal')).LoadBalancers?.[0]?.LoadBalancerArn).to.equal(LoadBalancerArn)
    expect(await refused(make('internet-facing'))).to.equal('DuplicateLoadBalancerNameException')
    expect((await aws.elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).to.have.length(1)
    const protect = (Value: string) =>
      aws.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: 'deletion_protection.enabled', Value }],
        }),
      )
    await protect('true')
    const go = () => refused(aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn })))
    expect(await go()).to.equal('OperationNotPermittedException')
    await protect('false')
    expect(await go()).to.equal('not refused')
  })

  it('are taken once by clusters, which go only with or expressly without a snapshot', async () => {
    const one = { DBClusterIdentifier: 'shop' }
    const make = new CreateDBClusterCommand({
      ...one,
      Engine: 'aurora-mysql',
      MasterUsername: 'shop',
      ManageMasterUserPassword: true,
    })
    await aws.rds.send(make)
    expect(await refused(aws.rds.send(make))).to.equal('DBClusterAlreadyExistsFault')
    const bare = aws.rds.send(new DeleteDBClusterCommand(one))
    expect(await refused(bare)).to.match(/^InvalidParameterCombination/)
    await aws.rds.send(new DeleteDBClusterCommand({ ...one, SkipFinalSnapshot: true }))
  })
})
