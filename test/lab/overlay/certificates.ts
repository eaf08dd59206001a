import type { Rule } from './rule.ts'

/** A certificate that is imported again under its ARN keeps its tags; moto takes it for a new one without. */
export function certificateTags(): Rule {
  const tags = new Map<string, unknown>()
  return {
    because: 'ACM API Reference, ImportCertificate: “You cannot apply tags when reimporting a certificate”; they stay',
    operations: ['acm:ImportCertificate'],
    handle: async (call, next) => {
      const request = JSON.parse(call.body) as { CertificateArn?: string; Tags?: unknown }
      const kept = tags.get(request.CertificateArn ?? '')
      const answer = await next(
        kept === undefined ? call : { ...call, body: JSON.stringify({ ...request, Tags: kept }) },
      )
      if (answer.status === 200 && request.Tags !== undefined)
        tags.set((JSON.parse(answer.body) as { CertificateArn: string }).CertificateArn, request.Tags)
      return answer
    },
    reset: () => tags.clear(),
  }
}
