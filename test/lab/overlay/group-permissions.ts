import { refusal, xml, type Answer, type Call, type Question, type Rule } from './rule.ts'
import { childOf, elements } from './xml.ts'

type Ask = (question: Question) => Promise<Answer>

/** A rule as AWS tells it from others: the description is no part of it. */
interface Permission {
  readonly key: string
  /** The parameters that say it, numbered as the only one of a call. */
  readonly parameters: Readonly<Record<string, string>>
}

/** Lists of sources in a permission, their member, and how DescribeSecurityGroupRules calls it. */
const sources = [
  ['IpRanges', 'CidrIp', 'cidrIpv4'],
  ['Ipv6Ranges', 'CidrIpv6', 'cidrIpv6'],
  ['Groups', 'GroupId', 'referencedGroupInfo'],
  ['PrefixListIds', 'PrefixListId', 'prefixListId'],
] as const

/**
 * Rules of security groups are each there once (EC2 API Reference: InvalidPermission.Duplicate, InvalidPermission.NotFound “and no rules are
 * revoked”, UpdateSecurityGroupRuleDescriptions…; two the same in one call: InvalidParameterValue, “The same permission must not appear
 * multiple times”). moto counts the description of a group's rule as part of it, and does half of a call that it refuses.
 */
export function groupPermissions(): Rule {
  const verbs = ['Authorize', 'Revoke', 'UpdateSecurityGroupRuleDescriptions']
  return {
    because: 'EC2 API Reference: InvalidPermission.Duplicate, InvalidPermission.NotFound, and nothing is done',
    operations: verbs.flatMap((verb) =>
      ['Ingress', 'Egress'].map((way) => `ec2:${verb}${verb.startsWith('Update') ? '' : 'SecurityGroup'}${way}`),
    ),
    handle: async (call, next, ask) => {
      const id = call.parameters.get('GroupId') ?? ''
      const asked = permissionsIn(call)
      if (asked.length === 0) return await next()
      const way = call.operation.endsWith('Egress') ? 'Egress' : 'Ingress'
      const there = await rulesOf(id, way === 'Egress', ask)
      if (call.operation.startsWith('Authorize')) {
        if (new Set(asked.map(({ key }) => key)).size < asked.length)
          return refusal(call, 'InvalidParameterValue', 'The same permission must not appear multiple times')
        const twice = asked.find(({ key }) => there.has(key))
        return twice
          ? refusal(call, 'InvalidPermission.Duplicate', `the specified rule "${twice.key}" already exists`)
          : await next()
      }
      const none = asked.find(({ key }) => !there.has(key))
      if (none)
        return refusal(call, 'InvalidPermission.NotFound', `The specified rule does not exist in this security group`)
      const revoked = await ask({
        service: 'ec2',
        parameters: {
          Action: `RevokeSecurityGroup${way}`,
          GroupId: id,
          ...Object.fromEntries(asked.map(({ key }, at) => [`SecurityGroupRuleId.${at + 1}`, there.get(key) ?? ''])),
        },
      })
      if (call.operation.startsWith('Revoke') || revoked.status >= 300) return revoked
      // of the text of a group's rule moto knows no change: it is made anew
      for (const { parameters } of asked)
        await ask({
          service: 'ec2',
          parameters: { Action: `AuthorizeSecurityGroup${way}`, GroupId: id, ...parameters },
        })
      return xml(`<${call.operation}Response><return>true</return></${call.operation}Response>`)
    },
  }
}

function permissionsIn({ parameters }: Call): readonly Permission[] {
  const numbers = new Set(
    [...parameters.keys()].flatMap((key) => /^IpPermissions\.(\d+)\./.exec(key)?.slice(1, 2) ?? []),
  )
  return [...numbers].flatMap((number) => {
    const own = (name: string): string | undefined => parameters.get(`IpPermissions.${number}.${name}`) ?? undefined
    const ports = ['IpProtocol', 'FromPort', 'ToPort'].flatMap((name): [string, string][] => {
      const value = own(name)
      return value === undefined ? [] : [[name, value]]
    })
    return sources.flatMap(([list, member]) => {
      const found: Permission[] = []
      for (let at = 1; own(`${list}.${at}.${member}`) !== undefined; at++) {
        const value = own(`${list}.${at}.${member}`) ?? ''
        const description = own(`${list}.${at}.Description`)
        const said: [string, string][] = [...ports, [`${list}.1.${member}`, value]]
        if (description !== undefined) said.push([`${list}.1.Description`, description])
        found.push({
          key: keyOf(own('IpProtocol'), own('FromPort'), own('ToPort'), value),
          parameters: Object.fromEntries(said.map(([name, text]) => [`IpPermissions.1.${name}`, text])),
        })
      }
      return found
    })
  })
}

/** The rules of a group with their ids. */
async function rulesOf(group: string, egress: boolean, ask: Ask): Promise<ReadonlyMap<string, string>> {
  const { body } = await ask({
    service: 'ec2',
    parameters: {
      Action: 'DescribeSecurityGroupRules',
      'Filter.1.Name': 'group-id',
      'Filter.1.Value.1': group,
    },
  })
  return new Map(
    elements(elements(body, 'securityGroupRuleSet').join(''), 'item')
      .filter((rule) => (childOf(rule, 'isEgress') === 'true') === egress)
      .map((rule) => {
        const source = sources.flatMap(([, , name]) => childOf(rule, name) ?? []).find((text) => text !== '') ?? ''
        const value = childOf(source, 'groupId') ?? source
        const ports = [childOf(rule, 'fromPort'), childOf(rule, 'toPort')] as const
        return [keyOf(childOf(rule, 'ipProtocol'), ...ports, value), childOf(rule, 'securityGroupRuleId') ?? '']
      }),
  )
}

function keyOf(protocol = '-1', from: string | undefined, to: string | undefined, source: string): string {
  return [protocol, ...(protocol === '-1' ? [] : [from ?? '', to ?? '']), source].join(' ')
}
