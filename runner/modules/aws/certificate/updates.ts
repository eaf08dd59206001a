import type { Updates } from '../../module.ts'

// CloudFormation's resource specification, AWS::CertificateManager::Certificate: DomainName, SubjectAlternativeNames, DomainValidationOptions “Immutable”
// (ACM API Reference: no call changes what was issued). ImportCertificate with the ARN puts another one in its place, for all that use it.
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
  warn_days: 'not compared',
  replaced: { disruption: 'none', usual: 5 },
}
