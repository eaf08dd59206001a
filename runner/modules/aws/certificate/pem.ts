import { createPrivateKey, X509Certificate } from 'node:crypto'
import { failure } from '../../../language/diagnostic.ts'

/** The first certificate of a PEM text, and those that follow it. */
export interface Bundle {
  readonly leaf: string
  readonly chain: string
}

export function bundleOf(text: string): Bundle {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  return { leaf: blocks[0] ?? text, chain: blocks.slice(1).join('\n') }
}

/** What tells one certificate from another, for people: its name, its end and the start of its SHA-256. */
export function summaryOf(pem: string): string {
  const certificate = parsed(pem)
  const subject = /CN=([^\n]+)/.exec(certificate.subject)?.[1] ?? certificate.subjectAltName ?? 'no name'
  const until = certificate.validToDate.toISOString().slice(0, 10)
  return `${subject}, until ${until}, SHA-256 ${certificate.fingerprint256.slice(0, 23).replaceAll(':', '').toLowerCase()}`
}

/** Domains of a certificate, lower case: its alternative names, or its common name where there are none. */
export function domainsOf(pem: string): readonly string[] {
  const certificate = parsed(pem)
  const alternatives = [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map((match) => match[1] ?? '')
  const common = /CN=([^\n]+)/.exec(certificate.subject)?.[1]
  return (alternatives.length > 0 ? alternatives : [common ?? '']).map((one) => one.toLowerCase())
}

/** Refuses a key that is not the certificate's: AWS would say so only during apply. */
export function refuseOtherKey(pem: string, privateKey: string): void {
  let suits: boolean
  try {
    suits = parsed(pem).checkPrivateKey(createPrivateKey(privateKey))
  } catch (cause) {
    if (cause instanceof Error && 'diagnostics' in cause) throw cause
    throw failure('E767', 'private_key is not the PEM of an unencrypted private key', {
      hint: 'ACM takes PKCS #1 and PKCS #8 without passphrase: `openssl pkcs8 -in key.pem -nocrypt`',
    })
  }
  if (!suits)
    throw failure('E767', `private_key does not belong to the certificate ${summaryOf(pem)}`, {
      hint: 'take both from the same folder of the ACME client',
    })
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw failure('E767', 'certificate is not the PEM of a certificate', {
      hint: 'it begins with -----BEGIN CERTIFICATE-----',
      cause,
    })
  }
}
