import {
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteRuleCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Action,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Cloud } from '../../../connections/cloud.ts'
import { same } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { errorName, ignoreMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { normalListener, normalRule, sslPolicy } from './listeners.ts'
import type { Balancer, Listening } from './read.ts'
import type { args } from './schema.ts'

type Listener = ArgsOf<typeof args>['listeners'][number]
type Doing = Pick<Listener['default'], 'forward' | 'redirect' | 'fixed'>
type Rule = NonNullable<Listener['rules']>[number]

/** Closes what is not wanted, then brings the others about, each with its rules. */
export async function applyListeners(
  arn: string,
  wanted: readonly Listener[],
  have: Balancer | undefined,
  cloud: Cloud,
): Promise<void> {
  const elb = await cloud.client('elb')
  const there = have?.listeners ?? []
  for (const { arn: ListenerArn, listener } of there) {
    if (!wanted.some((one) => one.port === listener.port))
      await elb.send(new DeleteListenerCommand({ ListenerArn })).catch(ignoreMissing)
  }
  for (const listener of wanted) {
    const own = there.find((one) => one.listener.port === listener.port)
    if (own && same(normalListener(own.listener), normalListener(listener))) continue
    const ListenerArn = await applyListener(arn, listener, own, cloud)
    await applyRules(ListenerArn, listener.rules ?? [], own, cloud)
  }
}

async function applyListener(
  LoadBalancerArn: string,
  listener: Listener,
  own: Listening | undefined,
  cloud: Cloud,
): Promise<string> {
  const elb = await cloud.client('elb')
  const { rules: _wanted, ...plain } = listener
  const { rules: _there, ...before } = own?.listener ?? { rules: [] }
  if (own && same(normalListener(before), normalListener(plain))) return own.arn
  const { port, protocol, certificate, ssl_policy: policy, default: action } = listener
  const settings = {
    Port: port,
    Protocol: protocol,
    DefaultActions: actionsOf(action),
    ...(certificate !== undefined && {
      Certificates: [{ CertificateArn: certificate }],
      SslPolicy: policy ?? sslPolicy,
    }),
  }
  return await withCertificate(port, cloud, async () => {
    const { Listeners: made = [] } = own
      ? await elb.send(new ModifyListenerCommand({ ListenerArn: own.arn, ...settings }))
      : await elb.send(new CreateListenerCommand({ LoadBalancerArn, ...settings, Tags: tagList(cloud.tags) }))
    return made[0]?.ListenerArn ?? own?.arn ?? ''
  })
}

/** What ACM has just got, the load balancers know about a minute later (CertificateNotFound). */
async function withCertificate(port: number, cloud: Cloud, send: () => Promise<string>): Promise<string> {
  return await cloud.poll({
    what: `the certificate of port ${port}`,
    every: 5,
    timeout: 300,
    look: async () => {
      try {
        return { done: await send() }
      } catch (error) {
        if (!/^(CertificateNotFound|UnsupportedCertificate)/.test(errorName(error))) throw error
        return { status: 'the load balancers do not know it yet' }
      }
    },
  })
}

/** Rules count in the order of their priorities: those that are there get new content, further ones come behind. */
async function applyRules(
  ListenerArn: string,
  wanted: readonly Rule[],
  own: Listening | undefined,
  cloud: Cloud,
): Promise<void> {
  const elb = await cloud.client('elb')
  const there = own?.rules ?? []
  let last = there.at(-1)?.priority ?? 0
  for (const [index, rule] of wanted.entries()) {
    const settings = { Conditions: conditionsOf(rule), Actions: actionsOf(rule) }
    const before = there[index]
    if (before === undefined) {
      last += 10
      await elb.send(new CreateRuleCommand({ ListenerArn, Priority: last, ...settings, Tags: tagList(cloud.tags) }))
    } else if (!same(normalRule(own?.listener.rules[index]), normalRule(rule)))
      await elb.send(new ModifyRuleCommand({ RuleArn: before.arn, ...settings }))
  }
  for (const { arn } of there.slice(wanted.length))
    await elb.send(new DeleteRuleCommand({ RuleArn: arn })).catch(ignoreMissing)
}

function conditionsOf({ hosts, paths }: Rule): RuleCondition[] {
  return [
    ...(hosts ? [{ Field: 'host-header', HostHeaderConfig: { Values: [...hosts] } }] : []),
    ...(paths ? [{ Field: 'path-pattern', PathPatternConfig: { Values: [...paths] } }] : []),
  ]
}

function actionsOf({ forward, fixed }: Doing): Action[] {
  if (forward !== undefined) return [{ Type: 'forward', TargetGroupArn: forward }]
  if (fixed === undefined)
    return [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }]
  const { status, type = 'text/plain', text } = fixed
  return [
    {
      Type: 'fixed-response',
      FixedResponseConfig: {
        StatusCode: String(status),
        ContentType: type,
        ...(text !== undefined && { MessageBody: text }),
      },
    },
  ]
}
