import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import type { Values } from '../../../runner/plan/unknown.ts'
import { groupDependencies } from '../../lab/overlay/group-dependencies.ts'
import { groupPermissions } from '../../lab/overlay/group-permissions.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { failureOf, makeObject, moduleOf } from './object.ts'

describe('aws.security_group', function () {
  this.timeout(60_000)
  const object = async (name: string, first: Values) => await makeObject(emulator.cloud, name, first)
  let emulator: Emulator

  before(async () => (emulator = await startEmulator({}, [groupDependencies(), groupPermissions()])))
  after(async () => await emulator?.close())

  it('in AWS’s eyes: names without case, sources as networks', async () => {
    const ec2 = await (await emulator.cloud('Groups')).client('ec2')
    const vpc = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId ?? ''
    const web = { port: 80, cidr: '2001:0DB8:0:0::5/64' }
    const group = await object('aws.security_group', { name: 'Web', vpc, ingress: [web] })
    const { id } = await group.outputs()
    await group.becomes({ name: 'web', vpc, ingress: [web, { port: 22, cidr: '10.0.0.5/8' }] }, 'update')
    expect(await group.outputs()).to.include({ id, name: 'Web' })
    const { SecurityGroups: [there] = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [String(id)] }),
    )
    const sources = (there?.IpPermissions ?? []).flatMap(({ IpRanges = [], Ipv6Ranges = [] }) => [
      ...IpRanges.map((one) => one.CidrIp),
      ...Ipv6Ranges.map((one) => one.CidrIpv6),
    ])
    expect(sources).to.have.members(['10.0.0.0/8', '2001:db8::/64'])
    await group.goes()
  })

  it('whose rules name itself, are written twice, and are described anew without an interruption', async () => {
    const ec2 = await (await emulator.cloud('Groups')).client('ec2')
    const vpc = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId ?? ''
    const web = { port: 80, cidr: '10.0.0.5/8', description: 'web' }
    const nodes = { port: '7000-7001', group: 'self', description: 'nodes' }
    const ping = { protocol: 'icmp', port: 8, cidr: '10.0.0.0/8' }
    const want = { name: 'nodes', vpc, ingress: [web, web, nodes, ping], egress: [{ protocol: 'all', group: 'self' }] }
    const group = await object('aws.security_group', want)
    const calls = (): readonly string[] =>
      Object.entries(emulator.calls())
        .filter(([name]) => /SecurityGroup(Ingress|Egress|Rule)/.test(name) && !name.includes('Describe'))
        .map(([name, count]) => `${name} ${count}`)
    const before = calls()
    const described = {
      ...want,
      ingress: [{ ...web, description: 'the web' }, { port: '7000-7001', group: 'self' }, ping],
    }
    await group.becomes(described, 'update')
    expect(calls().filter((call) => !before.includes(call))).to.deep.equal([
      'ec2:UpdateSecurityGroupRuleDescriptionsIngress 1',
    ])
    await group.becomes({ ...described, egress: [{ protocol: 'all', group: 'self', description: 'x' }] }, 'update')
    expect(calls()).to.include('ec2:UpdateSecurityGroupRuleDescriptionsEgress 1')
    await group.becomes({ ...described, description: 'another' }, 'replace')
    await group.goes()
  })

  it('does not mind what somebody else did meanwhile', async () => {
    const cloud = await emulator.cloud('Meanwhile')
    const ec2 = await cloud.client('ec2')
    const vpc = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId ?? ''
    const module = await moduleOf('aws.security_group')
    const rule = (port: number) => ({ port, cidr: '10.0.0.0/8' })
    const want = { name: 'meanwhile', vpc, ingress: [rule(1), rule(2)] }
    const group = await object('aws.security_group', want)
    const GroupId = String((await group.outputs())['id'])
    const IpPermissions = (port: number) => [
      { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    ]
    const next = { name: 'meanwhile', vpc, ingress: [rule(3), rule(4)] }
    const have = await module.read(next, cloud)
    // after it was read: a part of it is done already
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: IpPermissions(3) }))
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: IpPermissions(1) }))
    await module.apply(module.diff(next, have), next, have, cloud)
    cloud.changed('')
    expect(module.diff(next, await module.read(next, cloud)).action).to.equal('none')
    await module.destroy(next, (await module.read(next, cloud)) as never, cloud)
  })

  it('goes though own groups name it, and says whose rule it is that holds it', async () => {
    const ec2 = await (await emulator.cloud('Named')).client('ec2')
    const vpc = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId ?? ''
    const group = await object('aws.security_group', { name: 'named', vpc })
    const id = String((await group.outputs())['id'])
    const rules = [{ port: 80, group: id, description: 'both ways' }]
    const other = await object('aws.security_group', { name: 'naming', vpc, ingress: rules, egress: rules })
    const stranger = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'stranger', Description: 'x', VpcId: vpc }),
    )
    const rule = {
      GroupId: stranger.GroupId ?? '',
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: id }] }],
    }
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule))
    expect((await failureOf(group.goes())).message).to.contain(`stranger (${stranger.GroupId}), which is not this`)
    await ec2.send(new RevokeSecurityGroupIngressCommand(rule))
    await group.goes()
    other.cloud.changed('')
    await other.goes()
  })
})
