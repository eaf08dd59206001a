import {
  DescribeCertificateCommand,
  GetCertificateCommand,
  ListTagsForCertificateCommand,
  paginateListCertificates,
  type CertificateDetail,
  type CertificateSummary,
  type KeyAlgorithm,
} from '@aws-sdk/client-acm'
import type { Cloud } from '../../../connections/cloud.ts'
import { ignoreMissing } from '../errors.ts'
import { tagMap } from '../tags.ts'
import { ownCertificate, type Certificate, type Want } from './diff.ts'
import { bundleOf, domainsOf, summaryOf } from './pem.ts'

// without this ACM lists only those with RSA keys of up to 2048 bits
const keyTypes: KeyAlgorithm[] = [
  'RSA_1024',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
  'EC_secp521r1',
]

export function certificates(cloud: Cloud): Promise<readonly CertificateSummary[]> {
  return cloud.once('acm:certificates', async () => {
    const found: CertificateSummary[] = []
    for await (const page of paginateListCertificates(
      { client: await cloud.client('acm') },
      { Includes: { keyTypes } },
    ))
      found.push(...(page.CertificateSummaryList ?? []))
    return found
  })
}

export function certificateTags(arn: string, cloud: Cloud): Promise<Readonly<Record<string, string>>> {
  return cloud.once(`acm:tags:${arn}`, async () => {
    const acm = await cloud.client('acm')
    const answer = await acm.send(new ListTagsForCertificateCommand({ CertificateArn: arn })).catch(ignoreMissing)
    return tagMap(answer?.Tags)
  })
}

/** The certificate with this name. Names are tags, which ACM gives one by one: those of the same domain are asked first. */
export async function read(want: Want, cloud: Cloud): Promise<Certificate | undefined> {
  const all = (await certificates(cloud)).filter((one) => one.CertificateArn !== undefined)
  const domain = domainOf(want)
  const likely = all.filter((one) => one.DomainName?.toLowerCase() === domain)
  const found = (await named(want.name, likely, cloud)) ?? (await named(want.name, all, cloud))
  if (!found) return undefined
  const [tags, ours] = found
  const details = (await Promise.all(ours.map((arn) => describe(arn, cloud)))).flatMap((one) => one ?? [])
  // after a replacement both are there: the one that suits, and of those the newest, is meant
  const [chosen, ...others] = details.toSorted(
    (a, b) =>
      suits(b, want, domain) - suits(a, want, domain) ||
      (b.CreatedAt ?? b.ImportedAt ?? never).getTime() - (a.CreatedAt ?? a.ImportedAt ?? never).getTime(),
  )
  return chosen && (await certificateOf(chosen, tags, others, cloud))
}

const never = new Date(0)

/** How well a certificate suits: by its domain, then by the others. Its day alone does not tell those apart that were made in one second. */
function suits(detail: CertificateDetail, want: Want, domain: string | undefined): number {
  const own = detail.DomainName?.toLowerCase()
  if (own !== domain) return 0
  // what was brought in names its own
  if (ownCertificate(want) !== undefined) return 1
  const names = (all: readonly unknown[]): string =>
    [...new Set(all.map((one) => String(one).toLowerCase().replace(/\.$/, '')))]
      .filter((one) => one !== domain)
      .toSorted()
      .join()
  const wished = Array.isArray(want.alternatives) ? want.alternatives : []
  return names(detail.SubjectAlternativeNames ?? []) === names(wished) ? 2 : 1
}

function domainOf(want: Want): string | undefined {
  const own = ownCertificate(want)
  if (typeof own === 'string') return domainsOf(bundleOf(own).leaf)[0]
  return typeof want.domain === 'string' ? want.domain.toLowerCase().replace(/\.$/, '') : undefined
}

type Named = readonly [tags: Readonly<Record<string, string>>, arns: readonly string[]]

async function named(name: string, some: readonly CertificateSummary[], cloud: Cloud): Promise<Named | undefined> {
  const tagged = await Promise.all(
    some.map(async ({ CertificateArn: arn = '' }) => ({ arn, tags: await certificateTags(arn, cloud) })),
  )
  const found = tagged.filter(({ tags }) => tags['Name'] === name)
  const ours = found.filter(({ tags }) => tags['runner:playbook'] === cloud.playbook)
  const first = ours[0] ?? found[0]
  return first && [first.tags, (ours.length > 0 ? ours : [first]).map(({ arn }) => arn)]
}

function describe(arn: string, cloud: Cloud): Promise<CertificateDetail | undefined> {
  return cloud.once(`acm:certificate:${arn}`, async () => {
    const acm = await cloud.client('acm')
    const answer = await acm.send(new DescribeCertificateCommand({ CertificateArn: arn })).catch(ignoreMissing)
    return answer?.Certificate
  })
}

async function certificateOf(
  detail: CertificateDetail,
  tags: Readonly<Record<string, string>>,
  others: readonly CertificateDetail[],
  cloud: Cloud,
): Promise<Certificate> {
  const arn = detail.CertificateArn ?? ''
  const status = detail.Status ?? 'PENDING_VALIDATION'
  const imported = detail.Type === 'IMPORTED'
  const domain = detail.DomainName ?? ''
  return {
    id: arn,
    tags,
    ...(status === 'PENDING_VALIDATION' && { pending: 'not validated yet' }),
    kind: imported ? 'imported' : 'issued',
    status,
    reason: detail.FailureReason,
    domain,
    // ACM counts the domain itself among its alternatives
    alternatives: (detail.SubjectAlternativeNames ?? []).filter((one) => one.toLowerCase() !== domain.toLowerCase()),
    // described as RSA-2048, asked for as RSA_2048
    keyAlgorithm: (detail.KeyAlgorithm ?? 'RSA_2048').replace('-', '_'),
    certificate: imported ? await bodyOf(arn, cloud) : undefined,
    expires: detail.NotAfter?.toISOString().slice(0, 10),
    daysLeft: detail.NotAfter && Math.floor((detail.NotAfter.getTime() - Date.now()) / 86_400_000),
    validation: validationOf(detail),
    replaced: others.map((one) => one.CertificateArn ?? ''),
    parts: others.map((one) => one.CertificateArn ?? ''),
  }
}

/** Domains that differ by `*.` alone share one record. */
function validationOf(detail: CertificateDetail): Certificate['validation'] {
  const records = (detail.DomainValidationOptions ?? []).flatMap(({ ResourceRecord: record }) =>
    record?.Name === undefined ? [] : [{ name: record.Name, type: record.Type ?? 'CNAME', value: record.Value ?? '' }],
  )
  return records.filter((record, index) => records.findIndex((other) => other.name === record.name) === index)
}

async function bodyOf(arn: string, cloud: Cloud): Promise<string | undefined> {
  return await cloud.once(`acm:body:${arn}`, async () => {
    const acm = await cloud.client('acm')
    const answer = await acm.send(new GetCertificateCommand({ CertificateArn: arn })).catch(ignoreMissing)
    return answer?.Certificate === undefined ? undefined : summaryOf(bundleOf(answer.Certificate).leaf)
  })
}
