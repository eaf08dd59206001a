import { isMap } from '../../../plan/unknown.ts'

/** AWS's recommendation of 2025; what the API takes if none is said still speaks TLS 1.0. */
export const sslPolicy = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09'

/** What is done with a request, as it is written. */
export interface Written {
  readonly forward?: unknown
  readonly redirect?: unknown
  readonly fixed?: unknown
}

/** Listeners and rules with what AWS fills in, so that they can be compared with what it has. */
export function normalListener(listener: unknown): unknown {
  if (!isMap(listener)) return listener
  const { port, protocol, certificate, ssl_policy, default: action, rules } = listener
  const encrypted = protocol === 'HTTPS' || protocol === 'TLS'
  return {
    port,
    protocol,
    ...(certificate !== undefined && { certificate }),
    ...(encrypted && { ssl_policy: ssl_policy ?? sslPolicy }),
    default: normalAction(action),
    ...(Array.isArray(rules) ? rules.length > 0 && { rules: rules.map(normalRule) } : rules && { rules }),
  }
}

/** Host names do not know capitals, and which of several stands first means nothing. */
export function normalRule(rule: unknown): unknown {
  if (!isMap(rule)) return rule
  const { hosts, paths, ...action } = rule
  return {
    ...(hosts !== undefined && { hosts: sorted(hosts, true) }),
    ...(paths !== undefined && { paths: sorted(paths, false) }),
    ...(normalAction(action) as object),
  }
}

function sorted(items: unknown, lower: boolean): unknown {
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) return items
  return (lower ? items.map((item) => item.toLowerCase()) : [...(items as string[])]).toSorted()
}

function normalAction(action: unknown): unknown {
  if (!isMap(action) || !isMap(action['fixed'])) return action
  const { status, type = 'text/plain', text = '' } = action['fixed']
  return { fixed: { status, type, text } }
}
