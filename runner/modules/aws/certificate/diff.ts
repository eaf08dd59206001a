import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, Unknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import { LocalFile } from '../../local-file.ts'
import { bundleOf, refuseOtherKey, summaryOf } from './pem.ts'
import type { args } from './schema.ts'

export interface Certificate extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly kind: 'issued' | 'imported'
  readonly status: string
  /** Why it was not issued. */
  readonly reason?: string | undefined
  readonly domain: string
  readonly alternatives: readonly string[]
  readonly keyAlgorithm: string
  /** Of an imported one: what it is, as `summaryOf` says it. */
  readonly certificate: string | undefined
  readonly expires: string | undefined
  /** Days until its end, when it was read. */
  readonly daysLeft: number | undefined
  readonly validation: readonly { readonly name: string; readonly type: string; readonly value: string }[]
  /** ARNs of ours that this one takes the place of, and that can go as soon as no listener uses them. */
  readonly replaced: readonly string[]
}

export type Want = Wanted<ArgsOf<typeof args>, 'name'>

export function diff(want: Want, have: Certificate | undefined): Change {
  const own = ownCertificate(want)
  checkKinds(want, own)
  const wanted = own === undefined ? issued(want, have) : { kind: 'imported', certificate: summaryOfOwn(own, want) }
  const there = have && {
    kind: have.kind,
    status: have.status,
    domain: lower(have.domain),
    alternatives: have.alternatives.map(lower),
    key_algorithm: have.keyAlgorithm,
    certificate: have.certificate,
    replaced: have.replaced,
  }
  const change = compare({ ...wanted, replaced: have && have.replaced.length > 0 ? [] : undefined }, there, {
    sets: ['alternatives'],
    replace: ['kind', 'status', 'domain', 'alternatives', 'key_algorithm'],
  })
  const warning = have && endsSoon(want, have)
  return warning === undefined || change.why !== undefined ? change : { ...change, why: warning, warns: true }
}

function issued(want: Want, have: Certificate | undefined) {
  const { domain, alternatives, key_algorithm } = want
  const dead = have && !['ISSUED', 'PENDING_VALIDATION'].includes(have.status)
  return {
    kind: 'issued',
    // what failed or ran out stays so
    status: dead ? 'ISSUED' : undefined,
    domain: lower(domain),
    alternatives: Array.isArray(alternatives) ? alternatives.map(lower) : (alternatives ?? (have ? [] : undefined)),
    key_algorithm,
  }
}

function lower<T>(name: T): T | string {
  return typeof name === 'string' ? name.toLowerCase().replace(/\.$/, '') : name
}

/** The text of one's own certificate; undefined where AWS is to issue one. */
export function ownCertificate(want: Want): string | Unknown | undefined {
  const { certificate, certificate_file: file } = want
  if (certificate instanceof Secret) return certificate.reveal()
  if (certificate !== undefined) return certificate
  if (file === undefined || file instanceof Unknown) return file
  return new TextDecoder().decode((file as unknown as LocalFile).content())
}

/** Never the key, and nothing made of it. */
function summaryOfOwn(own: string | Unknown, { private_key: key }: Want): string | Unknown {
  if (own instanceof Unknown) return new Unknown(own.why)
  const { leaf } = bundleOf(own)
  if (key instanceof Secret) refuseOtherKey(leaf, key.reveal())
  return summaryOf(leaf)
}

function checkKinds(want: Want, own: string | Unknown | undefined): void {
  if (own !== undefined && want.domain !== undefined)
    throw failure('E768', 'a certificate is either issued for `domain` or brought in by `certificate`, not both', {
      hint: 'leave one of them out',
    })
  if (own === undefined && want.domain === undefined)
    throw failure('E768', 'a certificate needs `domain`, or `certificate` and `private_key`', {
      hint: 'domain: shop.example.org lets AWS issue one',
    })
  const key = want.private_key
  if (own !== undefined && key === undefined)
    throw failure('E768', 'a certificate that is brought in needs its `private_key`', {
      hint: 'private_key: !secret file:privkey.pem',
    })
  if (typeof key === 'string')
    throw failure('E768', '`private_key` must be a secret, so that it is shown nowhere', {
      hint: 'private_key: !secret file:privkey.pem',
    })
}

/** ACM renews by itself what it issued, as long as the record in DNS is there; what was brought in nobody renews. */
function endsSoon(want: Want, { kind, status, daysLeft, expires }: Certificate): string | undefined {
  const warn = firstUnknown(want.warn_days) ? 30 : ((want.warn_days as number | undefined) ?? 30)
  if (daysLeft === undefined || daysLeft > warn || status === 'PENDING_VALIDATION') return undefined
  const end = daysLeft < 0 ? `ended on ${expires}` : `ends on ${expires}, in ${daysLeft} days`
  return kind === 'imported'
    ? `the certificate ${end}: renew it and apply again`
    : `the certificate ${end}: AWS has not renewed it; is its record still in DNS?`
}
