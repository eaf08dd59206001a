import type { Updates } from '../../module.ts'

// duckdns.org/spec.jsp: records have a time to live of 60 s.
export const updates: Updates = {
  ipv4: { disruption: 'none', usual: 60 },
  ipv6: { disruption: 'none', usual: 60 },
  txt: { disruption: 'none', usual: 60 },
  token: 'create only',
  resolver: 'create only',
  endpoint: 'create only',
}
