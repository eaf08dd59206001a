import { compare, type Change, type Disruption } from '../../../plan/change.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Balancer } from './read.ts'
import type { args } from './schema.ts'

export const disruption: Readonly<Record<string, Disruption>> = { scheme: 'replace' }

export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Balancer | undefined): Change {
  const { subnets, security_groups, scheme, idle_timeout, listeners } = want
  const wanted = { scheme: scheme ?? 'internet-facing', subnets, security_groups, idle_timeout, listeners }
  const there = have && {
    scheme: have.scheme,
    subnets: have.subnets,
    security_groups: have.securityGroups,
    idle_timeout: have.idleTimeout,
    listeners: have.listeners.map(({ listener }) => listener),
  }
  return compare(wanted, there, { sets: ['subnets', 'security_groups', 'listeners'], replace: ['scheme'], disruption })
}
