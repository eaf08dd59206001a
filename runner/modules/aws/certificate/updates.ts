import type { Updates } from '../../module.ts'

// ACM User Guide: a certificate that was issued is never changed, another one takes its place; what is imported again keeps its ARN.
export const updates: Updates = {
  domain: { disruption: 'replace', usual: 300 },
  alternatives: { disruption: 'replace', usual: 300 },
  key_algorithm: { disruption: 'replace', usual: 300 },
  kind: { disruption: 'replace', usual: 300 },
  status: { disruption: 'replace', usual: 300 },
  certificate: { disruption: 'none', usual: 5 },
  certificate_file: 'create only',
  private_key: 'create only',
  chain: 'create only',
  zone: 'create only',
  warn_days: 'create only',
  replaced: { disruption: 'none', usual: 5 },
}
