import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { normalListener } from './listeners.ts'
import type { Balancer } from './read.ts'
import type { args } from './schema.ts'

export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Balancer | undefined): Change {
  refuse(want)
  const { type = 'application', listeners, access_logs: logs } = want
  const application = type === 'application'
  const wanted = {
    type,
    scheme: want.scheme ?? 'internet-facing',
    subnets: want.subnets,
    addresses: want.addresses,
    security_groups: want.security_groups,
    ip_address_type: want.ip_address_type,
    idle_timeout: want.idle_timeout,
    drop_invalid_headers: application ? (want.drop_invalid_headers ?? true) : undefined,
    deletion_protection: want.deletion_protection,
    access_logs: isMap(logs) ? { prefix: '', ...logs } : logs,
    listeners: Array.isArray(listeners) ? (listeners as unknown[]).map(normalListener) : listeners,
  }
  const there = have && {
    type: have.type,
    scheme: have.scheme,
    subnets: have.subnets,
    addresses: have.addresses,
    security_groups: have.securityGroups,
    ip_address_type: have.ipAddressType,
    idle_timeout: have.idleTimeout,
    drop_invalid_headers: have.dropInvalidHeaders,
    deletion_protection: have.deletionProtection,
    access_logs: have.accessLogs,
    listeners: have.listeners.map(({ listener }) => normalListener(listener)),
  }
  return compare(wanted, there, {
    sets: ['subnets', 'addresses', 'security_groups', 'listeners'],
    replace: ['type', 'scheme', 'addresses'],
  })
}

/** What AWS refuses only when other things have been made already. */
function refuse({ type = 'application', subnets, addresses, listeners }: Wanted<ArgsOf<typeof args>, 'name'>): void {
  const say = (message: string, hint: string) => failure('E790', message, { hint })
  if (type === 'application' && Array.isArray(subnets) && subnets.length < 2)
    throw say('an application load balancer needs subnets in at least two zones', 'name one more subnet')
  if (type === 'application' && addresses !== undefined)
    throw say('only a network load balancer has fixed addresses', 'write type: network, or leave addresses out')
  if (Array.isArray(addresses) && Array.isArray(subnets) && addresses.length !== subnets.length)
    throw say(`${addresses.length} addresses for ${subnets.length} subnets`, 'name one address for each subnet')
  for (const listener of Array.isArray(listeners) ? (listeners as unknown[]) : []) {
    if (!isMap(listener)) continue
    const { port, protocol, certificate, rules } = listener
    const suits = type === 'network' ? ['TCP', 'TLS'] : ['HTTP', 'HTTPS']
    if (typeof protocol === 'string' && typeof type === 'string' && !suits.includes(protocol))
      throw say(
        `the listener of port ${String(port)} speaks ${protocol}`,
        `of type ${type} it is ${suits.join(' or ')}`,
      )
    if ((protocol === 'HTTPS' || protocol === 'TLS') && certificate === undefined)
      throw say(`the listener of port ${String(port)} needs a certificate`, 'see aws.certificate')
    for (const rule of Array.isArray(rules) ? rules : [])
      if (isMap(rule) && rule['hosts'] === undefined && rule['paths'] === undefined)
        throw say(`a rule of port ${String(port)} says neither hosts nor paths`, 'what is for all others is `default`')
  }
}
