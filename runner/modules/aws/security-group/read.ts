import { paginateDescribeSecurityGroups, type IpPermission, type SecurityGroup } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { tagMap } from '../tags.ts'
import { isIcmp, normalSource, type Rule } from './rules.ts'
import type { args } from './schema.ts'

export interface Group extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly arn: string
  readonly vpc: string
  readonly description: string
  readonly ingress: readonly Rule[]
  readonly egress: readonly Rule[]
}

/** All security groups of the region, read once. */
export function groups(cloud: Cloud): Promise<readonly SecurityGroup[]> {
  return cloud.once('ec2:security-groups', async () => {
    const found: SecurityGroup[] = []
    for await (const page of paginateDescribeSecurityGroups({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.SecurityGroups ?? []))
    return found
  })
}

/** The group of that name in that VPC; AWS takes `Web` and `web` for the same name (InvalidGroup.Duplicate). */
export async function read(want: ArgsOf<typeof args>, cloud: Cloud): Promise<Group | undefined> {
  const name = want.name.toLowerCase()
  const found = (await groups(cloud)).find(
    (group) => group.GroupName?.toLowerCase() === name && group.VpcId === want.vpc,
  )
  if (!found) return undefined
  const id = found.GroupId ?? ''
  return {
    id,
    tags: tagMap(found.Tags),
    name: found.GroupName ?? want.name,
    arn: found.SecurityGroupArn ?? `arn:aws:ec2:${cloud.region}:${found.OwnerId ?? ''}:security-group/${id}`,
    vpc: found.VpcId ?? '',
    description: found.Description ?? '',
    ingress: rules(found.IpPermissions),
    egress: rules(found.IpPermissionsEgress),
  }
}

/** AWS groups sources of the same ports into one permission; here each source is a rule of its own. */
function rules(permissions: readonly IpPermission[] | undefined): readonly Rule[] {
  return (permissions ?? []).flatMap((permission) => {
    const protocol = permission.IpProtocol === '-1' ? 'all' : (permission.IpProtocol ?? 'all')
    const { FromPort: from, ToPort: to } = permission
    const any = protocol === 'all' || from === undefined || from === -1 || (from === 0 && to === 65_535)
    const one = isIcmp(protocol) ? to === -1 : from === to
    const port = any ? 'all' : one ? String(from) : `${from}-${to}`
    const rule = (source: string | undefined, description: string | undefined): Rule => ({
      protocol,
      port,
      source: normalSource(source ?? ''),
      description: description ?? '',
    })
    return [
      ...(permission.IpRanges ?? []).map((one) => rule(one.CidrIp, one.Description)),
      ...(permission.Ipv6Ranges ?? []).map((one) => rule(one.CidrIpv6, one.Description)),
      ...(permission.UserIdGroupPairs ?? []).map((one) => rule(one.GroupId, one.Description)),
      ...(permission.PrefixListIds ?? []).map((one) => rule(one.PrefixListId, one.Description)),
    ]
  })
}
