import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsEgressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { canonical } from '../../../plan/change.ts'
import { errorName } from '../errors.ts'
import { distinct, isIcmp, isSameRule, normalRule, type Rule } from './rules.ts'

type Direction = 'ingress' | 'egress'

/**
 * Brings the rules of one direction in line: new ones first, so that nothing is cut off meanwhile. A rule of which only the description
 * differs keeps letting through: AWS takes both for the same, and has a call of its own for the text.
 */
export async function applyRules(
  direction: Direction,
  id: string,
  wanted: readonly unknown[],
  there: readonly Rule[],
  cloud: Cloud,
): Promise<void> {
  const rules = distinct(
    wanted
      .map((rule) => normalRule(rule) as unknown as Rule)
      .map((rule) => (rule.source === 'self' ? { ...rule, source: id } : rule)),
  )
  const among = (all: readonly Rule[], rule: Rule): Rule | undefined => all.find((one) => isSameRule(one, rule))
  const missing = rules.filter((rule) => among(there, rule) === undefined)
  const renamed = rules.filter((rule) => {
    const now = among(there, rule)
    return now !== undefined && canonical(now.description) !== canonical(rule.description)
  })
  const extra = there.filter((rule) => among(rules, rule) === undefined)
  await authorize(direction, id, missing, cloud)
  if (renamed.length > 0) await describe(direction, id, renamed, cloud)
  await revoke(direction, id, extra.map(permissionOf), cloud)
}

async function authorize(direction: Direction, id: string, rules: readonly Rule[], cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  await each(rules.map(permissionOf), 'InvalidPermission.Duplicate', async (IpPermissions) => {
    const input = { GroupId: id, IpPermissions }
    await (direction === 'ingress'
      ? ec2.send(new AuthorizeSecurityGroupIngressCommand(input))
      : ec2.send(new AuthorizeSecurityGroupEgressCommand(input)))
  })
}

async function describe(direction: Direction, id: string, rules: readonly Rule[], cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  // one without text loses it (EC2 API Reference, UpdateSecurityGroupRuleDescriptionsIngress)
  const input = { GroupId: id, IpPermissions: rules.map(permissionOf) }
  await (direction === 'ingress'
    ? ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(input))
    : ec2.send(new UpdateSecurityGroupRuleDescriptionsEgressCommand(input)))
}

export async function revoke(
  direction: Direction,
  id: string,
  permissions: readonly IpPermission[],
  cloud: Cloud,
): Promise<void> {
  const ec2 = await cloud.client('ec2')
  await each(permissions, 'InvalidPermission.NotFound', async (IpPermissions) => {
    const input = { GroupId: id, IpPermissions }
    await (direction === 'ingress'
      ? ec2.send(new RevokeSecurityGroupIngressCommand(input))
      : ec2.send(new RevokeSecurityGroupEgressCommand(input)))
  })
}

/**
 * All in one call. When one of them is there (or gone) already, as after a run that was cut off, AWS refuses the whole call: then one
 * after another, and what is so already is passed over.
 */
async function each(
  permissions: readonly IpPermission[],
  already: string,
  send: (permissions: IpPermission[]) => Promise<void>,
): Promise<void> {
  if (permissions.length === 0) return
  try {
    await send([...permissions])
  } catch (error) {
    if (errorName(error) !== already) throw error
    if (permissions.length > 1) for (const one of permissions) await each([one], already, send)
  }
}

function permissionOf({ protocol, port, source, description }: Rule): IpPermission {
  const text = String(source)
  const about = description === '' ? {} : { Description: String(description) }
  return {
    IpProtocol: protocol === 'all' ? '-1' : protocol,
    ...portsOf(protocol, port),
    ...(text.startsWith('sg-')
      ? { UserIdGroupPairs: [{ GroupId: text, ...about }] }
      : text.startsWith('pl-')
        ? { PrefixListIds: [{ PrefixListId: text, ...about }] }
        : text.includes(':')
          ? { Ipv6Ranges: [{ CidrIpv6: text, ...about }] }
          : { IpRanges: [{ CidrIp: text, ...about }] }),
  }
}

/** EC2 API Reference, IpPermission: of ICMP a type and a code, -1 for any; of all protocols none. */
function portsOf(protocol: string, port: string): Pick<IpPermission, 'FromPort' | 'ToPort'> {
  if (protocol === 'all') return {}
  if (port === 'all')
    return protocol === 'tcp' || protocol === 'udp' ? { FromPort: 0, ToPort: 65_535 } : { FromPort: -1, ToPort: -1 }
  const [from = '', to = isIcmp(protocol) ? '-1' : from] = port.split('-')
  return { FromPort: Number(from), ToPort: Number(to) }
}
