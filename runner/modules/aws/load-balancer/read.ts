import {
  paginateDescribeRules,
  type Action,
  type Listener,
  type LoadBalancer,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { listenersOf, loadBalancerAttributes, loadBalancers, tagsOf, type Attributes } from '../read-elb.ts'
import type { args } from './schema.ts'

export interface Listening {
  readonly arn: string
  /** In the form in which arguments are written. */
  readonly listener: {
    readonly port: number
    readonly protocol: string
    readonly certificate?: string
    readonly ssl_policy?: string
    readonly default: Readonly<Record<string, unknown>>
    readonly rules: readonly Readonly<Record<string, unknown>>[]
  }
  /** ARN and priority of each rule, in order. */
  readonly rules: readonly { readonly arn: string; readonly priority: number }[]
}

export interface Balancer extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly type: string
  readonly dnsName: string
  readonly zoneId: string
  readonly state: string
  readonly scheme: string
  readonly ipAddressType: string
  readonly subnets: readonly string[]
  readonly addresses: readonly string[]
  readonly securityGroups: readonly string[]
  readonly idleTimeout: number
  readonly dropInvalidHeaders: boolean
  readonly deletionProtection: boolean
  readonly accessLogs: { readonly bucket: string; readonly prefix: string } | undefined
  readonly listeners: readonly Listening[]
}

export async function read(want: Pick<ArgsOf<typeof args>, 'name'>, cloud: Cloud): Promise<Balancer | undefined> {
  const found = (await loadBalancers(cloud)).find((one) => one.LoadBalancerName === want.name)
  if (!found?.LoadBalancerArn) return undefined
  const arn = found.LoadBalancerArn
  const [tags, attributes, listeners] = await Promise.all([
    tagsOf(arn, cloud),
    loadBalancerAttributes(arn, cloud),
    listenersOf(arn, cloud).then((all) => Promise.all(all.map((one) => listening(one, found, cloud)))),
  ])
  const state = found.State?.Code ?? 'active'
  const zones = found.AvailabilityZones ?? []
  return {
    id: arn,
    tags,
    // an impaired one serves, but lacks addresses to grow
    ...(state !== 'active' && state !== 'active_impaired' && { pending: state }),
    name: want.name,
    type: found.Type ?? 'application',
    dnsName: found.DNSName ?? '',
    zoneId: found.CanonicalHostedZoneId ?? '',
    state,
    scheme: found.Scheme ?? 'internet-facing',
    ipAddressType: found.IpAddressType ?? 'ipv4',
    subnets: zones.map((zone) => zone.SubnetId ?? ''),
    addresses: zones.flatMap((zone) => (zone.LoadBalancerAddresses ?? []).flatMap((one) => one.AllocationId ?? [])),
    securityGroups: found.SecurityGroups ?? [],
    idleTimeout: Number(attributes['idle_timeout.timeout_seconds'] ?? 60),
    dropInvalidHeaders: attributes['routing.http.drop_invalid_header_fields.enabled'] === 'true',
    deletionProtection: attributes['deletion_protection.enabled'] === 'true',
    accessLogs: logsOf(attributes),
    listeners,
  }
}

function logsOf(attributes: Attributes): Balancer['accessLogs'] {
  if (attributes['access_logs.s3.enabled'] !== 'true') return undefined
  return { bucket: attributes['access_logs.s3.bucket'] ?? '', prefix: attributes['access_logs.s3.prefix'] ?? '' }
}

async function listening(listener: Listener, balancer: LoadBalancer, cloud: Cloud): Promise<Listening> {
  const arn = listener.ListenerArn ?? ''
  // a network load balancer knows no rules
  const rules = balancer.Type === 'network' ? [] : await rulesOf(arn, cloud)
  const certificate = listener.Certificates?.[0]?.CertificateArn
  return {
    arn,
    listener: {
      port: listener.Port ?? 0,
      protocol: listener.Protocol ?? '',
      ...(certificate !== undefined && { certificate }),
      ...(listener.SslPolicy && { ssl_policy: listener.SslPolicy }),
      default: written(listener.DefaultActions),
      rules: rules.map((rule) => ({ ...conditionsOf(rule.Conditions), ...written(rule.Actions) })),
    },
    rules: rules.map((rule) => ({ arn: rule.RuleArn ?? '', priority: Number(rule.Priority) })),
  }
}

/** All rules of a listener but that for all other requests, in their order. */
async function rulesOf(arn: string, cloud: Cloud): Promise<readonly Rule[]> {
  return await cloud.once(`elb:rules:${arn}`, async () => {
    const found: Rule[] = []
    for await (const page of paginateDescribeRules({ client: await cloud.client('elb') }, { ListenerArn: arn }))
      found.push(...(page.Rules ?? []))
    return found
      .filter((rule) => !rule.IsDefault && rule.Priority !== 'default')
      .toSorted((a, b) => Number(a.Priority) - Number(b.Priority))
  })
}

/** An action as it would be written; one of another kind, or with more to it, as something that nobody writes. */
function written(actions: readonly Action[] | undefined): Readonly<Record<string, unknown>> {
  const [action, ...more] = actions ?? []
  if (!action || more.length > 0) return { other: (actions ?? []).map((one) => one.Type ?? '') }
  if (action.Type === 'fixed-response') {
    const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {}
    return { fixed: { status: Number(StatusCode), type: ContentType || 'text/plain', text: MessageBody ?? '' } }
  }
  if (action.Type === 'redirect') {
    const { Protocol, Port = '443', Host, Path, Query, StatusCode } = action.RedirectConfig ?? {}
    const same =
      (Host ?? '#{host}') === '#{host}' && (Path ?? '/#{path}') === '/#{path}' && (Query ?? '#{query}') === '#{query}'
    return { redirect: same && Protocol === 'HTTPS' && Port === '443' && StatusCode === 'HTTP_301' ? 'https' : 'other' }
  }
  const groups = action.ForwardConfig?.TargetGroups ?? []
  if (action.Type !== 'forward' || groups.length > 1) return { other: [action.Type ?? ''] }
  return { forward: action.TargetGroupArn ?? groups[0]?.TargetGroupArn ?? '' }
}

function conditionsOf(conditions: readonly RuleCondition[] | undefined): Readonly<Record<string, unknown>> {
  const values = (field: string): readonly string[] =>
    (conditions ?? [])
      .filter((one) => one.Field === field)
      .flatMap((one) => one.HostHeaderConfig?.Values ?? one.PathPatternConfig?.Values ?? one.Values ?? [])
  const others = (conditions ?? []).flatMap(({ Field = '' }) =>
    Field === 'host-header' || Field === 'path-pattern' ? [] : [Field],
  )
  const [hosts, paths] = [values('host-header'), values('path-pattern')]
  return {
    ...(hosts.length > 0 && { hosts }),
    ...(paths.length > 0 && { paths }),
    ...(others.length > 0 && { others }),
  }
}
