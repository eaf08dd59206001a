import { DescribeTargetHealthCommand, type TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { tagsOf, targetGroupAttributes, targetGroups } from '../read-elb.ts'
import type { Args, Have, Want } from './diff.ts'

/** The target group of that name, or the one that replaced it: that has a suffix and this playbook's tag. */
export async function read(want: Want | Args, cloud: Cloud): Promise<Have | undefined> {
  const successor = `${want.name.slice(0, 25)}-`
  const named = (await targetGroups(cloud)).filter(
    ({ TargetGroupName: name = '' }) =>
      name === want.name || (name.startsWith(successor) && /^[0-9a-f]{6}$/.test(name.slice(successor.length))),
  )
  const found: { group: TargetGroup; tags: Readonly<Record<string, string>> }[] = []
  for (const group of named) {
    const tags = await tagsOf(group.TargetGroupArn ?? '', cloud)
    if (group.TargetGroupName === want.name || tags['runner:playbook'] === cloud.playbook) found.push({ group, tags })
  }
  const chosen = found.find(({ group }) => suits(want, group)) ?? found[0]
  if (!chosen) return undefined
  const replaced = found
    .filter((one) => one !== chosen && one.tags['runner:playbook'] === cloud.playbook)
    .map(({ group }) => group.TargetGroupArn ?? '')
  return {
    ...(await describe(chosen.group, cloud)),
    targets: want.targets === undefined ? undefined : await targetsOf(chosen.group.TargetGroupArn ?? '', cloud),
    tags: chosen.tags,
    replaced,
    parts: replaced,
    ...(replaced.length > 0 && { pending: 'replacing another' }),
  }
}

/** Whether a group has what cannot be changed in place; a value that is not known yet may turn out to be so. */
function suits(want: Want | Args, group: TargetGroup): boolean {
  const { port, protocol = 'HTTP', protocol_version, vpc, target_type = 'instance' } = want
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [port, group.Port],
    [protocol, group.Protocol],
    [protocol_version ?? group.ProtocolVersion, group.ProtocolVersion],
    [vpc, group.VpcId],
    [target_type, group.TargetType],
  ]
  return pairs.every(([wanted, there]) => typeof wanted === 'object' || wanted === there)
}

async function describe(group: TargetGroup, cloud: Cloud): Promise<Omit<Have, 'replaced' | 'targets'>> {
  const arn = group.TargetGroupArn ?? ''
  const attributes = await targetGroupAttributes(arn, cloud)
  const sticky = attributes['stickiness.enabled'] === 'true'
  return {
    id: arn,
    arn,
    name: group.TargetGroupName ?? '',
    port: group.Port ?? 0,
    protocol: group.Protocol ?? '',
    protocol_version: group.ProtocolVersion ?? '',
    vpc: group.VpcId ?? '',
    target_type: group.TargetType ?? 'instance',
    health_check: {
      protocol: group.HealthCheckProtocol ?? group.Protocol ?? 'HTTP',
      port: group.HealthCheckPort ?? 'traffic-port',
      path: group.HealthCheckPath ?? '/',
      interval: group.HealthCheckIntervalSeconds ?? 30,
      timeout: group.HealthCheckTimeoutSeconds ?? 6,
      healthy: group.HealthyThresholdCount ?? 5,
      unhealthy: group.UnhealthyThresholdCount ?? 2,
      matcher: group.Matcher?.HttpCode ?? '200',
    },
    deregistration_delay: Number(attributes['deregistration_delay.timeout_seconds'] ?? 300),
    slow_start: Number(attributes['slow_start.duration_seconds'] ?? 0),
    algorithm: attributes['load_balancing.algorithm.type'] ?? 'round_robin',
    stickiness: sticky ? Number(attributes['stickiness.lb_cookie.duration_seconds'] ?? 86_400) : 0,
  }
}

/** What is registered and not being taken out. */
async function targetsOf(arn: string, cloud: Cloud): Promise<readonly string[]> {
  return await cloud.once(`elb:targets:${arn}`, async () => {
    const elb = await cloud.client('elb')
    const { TargetHealthDescriptions: found = [] } = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
    )
    return found.flatMap(({ Target, TargetHealth }) =>
      Target?.Id === undefined || TargetHealth?.State === 'draining' ? [] : [Target.Id],
    )
  })
}
