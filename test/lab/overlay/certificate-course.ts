import type { Courses } from './course.ts'
import type { Answer, Question, Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

interface Detail {
  CertificateArn?: string
  Status?: string
  Type?: string
  FailureReason?: string
  IssuedAt?: number
  DomainValidationOptions?: {
    ValidationStatus?: string
    ResourceRecord?: { readonly Name: string; readonly Value: string }
  }[]
}

/**
 * A certificate is issued once ACM has found the record that proves each of its domains, and no sooner (ACM User Guide, DNS validation); it may fail instead,
 * and after 72 hours without the record it has timed out. moto issues it after a while, whatever DNS says.
 */
export function certificateCourse(courses: Courses): Rule {
  const proven = new Map<string, number>()
  const statusOf = async (detail: Detail, ask: Ask): Promise<string> => {
    const { ms = 0, ends } = courses.of('certificate')
    const { CertificateArn: arn = '' } = detail
    if (ends === 'VALIDATION_TIMED_OUT') return ends
    if (!proven.has(arn)) {
      const records = (detail.DomainValidationOptions ?? []).flatMap((one) => one.ResourceRecord ?? [])
      const there = await names(ask)
      if (records.length === 0 || !records.every(({ Name, Value }) => there.get(plain(Name)) === plain(Value)))
        return 'PENDING_VALIDATION'
      proven.set(arn, courses.now())
    }
    if (courses.now() < (proven.get(arn) ?? 0) + ms) return 'PENDING_VALIDATION'
    return ends ?? 'ISSUED'
  }
  return {
    because:
      'ACM User Guide, DNS validation: PENDING_VALIDATION → ISSUED once the record is found | FAILED | VALIDATION_TIMED_OUT',
    operations: ['acm:DescribeCertificate'],
    handle: async (_call, next, ask) => {
      const answer = await next()
      if (answer.status !== 200) return answer
      const body = JSON.parse(answer.body) as { Certificate?: Detail }
      const { Certificate: detail } = body
      if (detail?.Type !== 'AMAZON_ISSUED') return answer
      const status = await statusOf(detail, ask)
      const { reason } = courses.of('certificate')
      const options = (detail.DomainValidationOptions ?? []).map((one) => ({
        ...one,
        ValidationStatus: status === 'ISSUED' ? 'SUCCESS' : status === 'PENDING_VALIDATION' ? status : 'FAILED',
      }))
      const { IssuedAt: at, ...others } = detail
      const changed = {
        ...others,
        Status: status,
        ...(status === 'ISSUED' && at !== undefined && { IssuedAt: at }),
        ...(status === 'FAILED' && { FailureReason: reason ?? 'CAA_ERROR' }),
        DomainValidationOptions: options,
      }
      return { ...answer, body: JSON.stringify({ ...body, Certificate: changed }) }
    },
    reset: () => proven.clear(),
  }
}

type Ask = (question: Question) => Promise<Answer>

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/** Names and values of all CNAMEs of all zones of the account. */
async function names(ask: Ask): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const { body: zones } = await ask({ service: 'route53', path: '/2013-04-01/hostedzone' })
  for (const zone of elements(elements(zones, 'HostedZones').join(''), 'HostedZone')) {
    const id = (valueOf(zone, 'Id') ?? '').replace('/hostedzone/', '')
    const { body } = await ask({ service: 'route53', path: `/2013-04-01/hostedzone/${id}/rrset` })
    for (const set of elements(elements(body, 'ResourceRecordSets').join(''), 'ResourceRecordSet'))
      if (valueOf(set, 'Type') === 'CNAME')
        found.set(plain(valueOf(set, 'Name') ?? ''), plain(valueOf(set, 'Value') ?? ''))
  }
  return found
}
