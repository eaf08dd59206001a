import type { Listener } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { listenersOf, loadBalancerAttributes, loadBalancers, tagsOf } from '../read-elb.ts'
import type { args } from './schema.ts'

export interface Listening {
  readonly arn: string
  /** In the form in which arguments are written. */
  readonly listener: {
    readonly port: number
    readonly protocol: string
    readonly certificate?: string
    readonly default: Readonly<Record<string, string>>
  }
}

export interface Balancer extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly dnsName: string
  readonly zoneId: string
  readonly state: string
  readonly scheme: string
  readonly subnets: readonly string[]
  readonly securityGroups: readonly string[]
  readonly idleTimeout: number
  readonly listeners: readonly Listening[]
}

export async function read(want: Pick<ArgsOf<typeof args>, 'name'>, cloud: Cloud): Promise<Balancer | undefined> {
  const found = (await loadBalancers(cloud)).find((one) => one.LoadBalancerName === want.name)
  if (!found?.LoadBalancerArn) return undefined
  const arn = found.LoadBalancerArn
  const [tags, attributes, listeners] = await Promise.all([
    tagsOf(arn, cloud),
    loadBalancerAttributes(arn, cloud),
    listenersOf(arn, cloud),
  ])
  const state = found.State?.Code ?? 'active'
  return {
    id: arn,
    tags,
    // an impaired one serves, but lacks addresses to grow
    ...(state !== 'active' && state !== 'active_impaired' && { pending: state }),
    name: want.name,
    dnsName: found.DNSName ?? '',
    zoneId: found.CanonicalHostedZoneId ?? '',
    state,
    scheme: found.Scheme ?? 'internet-facing',
    subnets: (found.AvailabilityZones ?? []).map((zone) => zone.SubnetId ?? ''),
    securityGroups: found.SecurityGroups ?? [],
    idleTimeout: Number(attributes['idle_timeout.timeout_seconds'] ?? 60),
    listeners: listeners.map(listening),
  }
}

function listening(listener: Listener): Listening {
  const action = listener.DefaultActions?.[0]
  const target = action?.TargetGroupArn ?? action?.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn
  const certificate = listener.Certificates?.[0]?.CertificateArn
  return {
    arn: listener.ListenerArn ?? '',
    listener: {
      port: listener.Port ?? 0,
      protocol: listener.Protocol ?? '',
      ...(certificate !== undefined && { certificate }),
      default:
        action?.Type === 'redirect'
          ? { redirect: (action.RedirectConfig?.Protocol ?? 'HTTPS').toLowerCase() }
          : { forward: target ?? '' },
    },
  }
}
