import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
  type NetworkInterface,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { canonical, type Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { isInUse, isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { groups, read, type Group } from './read.ts'
import { normalRule, type Rule } from './rules.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Creates the group, then brings its rules and tags in line: new ones first, so that nothing is cut off meanwhile. */
export async function apply(change: Change, want: Want, have: Group | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    return await apply({ ...change, action: 'create' }, want, undefined, cloud)
  }
  const ec2 = await cloud.client('ec2')
  let there = have
  if (!there) {
    const tags = { ...want.tags, ...cloud.tags, Name: want.name }
    await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: want.name,
        Description: want.description ?? 'Managed by runner',
        VpcId: want.vpc,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList(tags) }],
      }),
    )
    cloud.changed('ec2:security-groups')
    there = await cloud.poll({
      what: `security group ${want.name}`,
      every: 2,
      timeout: 120,
      look: async () => {
        const found = await read(want, cloud)
        if (found) return { done: found }
        cloud.changed('ec2:security-groups')
        return { status: 'not visible yet' }
      },
    })
  } else if (want.tags && change.fields.some((field) => field.path === 'tags')) {
    await ec2.send(new CreateTagsCommand({ Resources: [there.id], Tags: tagList(want.tags) }))
  }
  const { id } = there
  const [inNew, inOld] = difference(want.ingress ?? [], there.ingress)
  if (inNew.length > 0)
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: permissions(inNew) }))
  if (inOld.length > 0)
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: permissions(inOld) }))
  if (want.egress) {
    const [outNew, outOld] = difference(want.egress, there.egress)
    if (outNew.length > 0)
      await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: permissions(outNew) }))
    if (outOld.length > 0)
      await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: permissions(outOld) }))
  }
  cloud.changed('ec2:security-groups')
}

/** Rules to be added and to be revoked. One of which only the description differs is revoked first: AWS takes both for the same. */
function difference(wanted: readonly unknown[], there: readonly Rule[]): readonly [readonly Rule[], readonly Rule[]] {
  const normal = wanted.map((rule) => normalRule(rule) as unknown as Rule)
  const missing = normal.filter((rule) => !there.some((other) => canonical(other) === canonical(rule)))
  const extra = there.filter((rule) => !normal.some((other) => canonical(other) === canonical(rule)))
  return [missing, extra]
}

function permissions(rules: readonly Rule[]): IpPermission[] {
  return rules.map(({ protocol, port, source, description }) => {
    const [from = '', to = from] = port.split('-')
    const any = port === 'all'
    const whole =
      any && (protocol === 'tcp' || protocol === 'udp')
        ? { FromPort: 0, ToPort: 65_535 }
        : any
          ? protocol === 'all'
            ? {}
            : { FromPort: -1, ToPort: -1 }
          : { FromPort: Number(from), ToPort: Number(to) }
    const text = String(source)
    const about = description === '' ? {} : { Description: String(description) }
    return {
      IpProtocol: protocol === 'all' ? '-1' : protocol,
      ...whole,
      ...(text.startsWith('sg-')
        ? { UserIdGroupPairs: [{ GroupId: text, ...about }] }
        : text.startsWith('pl-')
          ? { PrefixListIds: [{ PrefixListId: text, ...about }] }
          : text.includes(':')
            ? { Ipv6Ranges: [{ CidrIpv6: text, ...about }] }
            : { IpRanges: [{ CidrIp: text, ...about }] }),
    }
  })
}

export async function ready(want: Want, have: Group, cloud: Cloud): Promise<Group> {
  return (await read(want, cloud)) ?? have
}

/**
 * Deletes the group. Rules of other groups that name it go first (AWS refuses otherwise), and so do network interfaces, which
 * outlive what they belonged to by minutes: these are waited for and named.
 */
export async function destroy(_want: Want, have: Group, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  for (const other of await groups(cloud)) {
    const naming = (other.IpPermissions ?? []).filter((permission) =>
      permission.UserIdGroupPairs?.some((pair) => pair.GroupId === have.id),
    )
    if (other.GroupId === undefined || other.GroupId === have.id || naming.length === 0) continue
    const pairs = naming.map((permission) => ({
      IpProtocol: permission.IpProtocol,
      FromPort: permission.FromPort,
      ToPort: permission.ToPort,
      UserIdGroupPairs: permission.UserIdGroupPairs?.filter((pair) => pair.GroupId === have.id),
    }))
    await ec2
      .send(new RevokeSecurityGroupIngressCommand({ GroupId: other.GroupId, IpPermissions: pairs as IpPermission[] }))
      .catch(ignoreMissing)
  }
  await cloud.poll({
    what: `security group ${have.name} to be unused`,
    every: 5,
    timeout: 900,
    look: async () => {
      try {
        await ec2.send(new DeleteSecurityGroupCommand({ GroupId: have.id }))
        return { done: true }
      } catch (error) {
        if (isMissing(error)) return { done: true }
        if (!isInUse(error)) throw error
        return { status: await whoUses(have.id, cloud) }
      }
    },
  })
  cloud.changed('ec2:security-groups')
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error
}

async function whoUses(id: string, cloud: Cloud): Promise<string> {
  const { NetworkInterfaces: interfaces = [] } = await (
    await cloud.client('ec2')
  ).send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }))
  const named = interfaces.map((one) => `${one.NetworkInterfaceId} of ${ownerOf(one)}`)
  return named.length === 0 ? 'something still refers to it' : `used by ${named.slice(0, 3).join(', ')}`
}

/** To whom a network interface belongs: services that make some say so in its description or as its requester (EC2 User Guide, requester-managed). */
function ownerOf({ Description: text = '', Attachment, RequesterId: requester, Status }: NetworkInterface): string {
  const service =
    Attachment?.InstanceId !== undefined
      ? `the instance ${Attachment.InstanceId}`
      : text.startsWith('ELB ') || requester === 'amazon-elb'
        ? 'Elastic Load Balancing'
        : text.startsWith('EFS ')
          ? 'EFS'
          : text.startsWith('RDS') || requester === 'amazon-rds'
            ? 'RDS'
            : text.startsWith('AWS Lambda ')
              ? 'Lambda'
              : (requester ?? 'somebody')
  return `${service} (${text || (Status ?? 'in use')})`
}
