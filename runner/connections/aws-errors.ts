import { isQuota } from './aws-retry.ts'
import type { Diagnostic } from '../language/diagnostic.ts'

interface AwsError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string; readonly attempts?: number }
  readonly cause?: unknown
}

/** Whether an error comes from the SDK: from AWS itself, from looking for credentials, or from the network below. */
export function isAwsError(error: unknown): error is AwsError {
  if (!(error instanceof Error)) return false
  return (
    '$metadata' in error ||
    '$fault' in error ||
    error.name === 'CredentialsProviderError' ||
    'hostname' in error ||
    networkCodes.includes(String((error as { code?: string }).code))
  )
}

const networkCodes: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]

/** What AWS (or the way to it) said, in words, with a way out. */
export function explainAwsError(error: AwsError, region: string): Diagnostic {
  const { name, code = '' } = error
  const say = (number: `E${number}`, message: string, hint: string): Diagnostic => ({
    severity: 'error',
    code: number,
    message,
    hint,
  })
  if (name === 'CredentialsProviderError' || /Could not load credentials/.test(error.message)) {
    return say(
      'E801',
      'there are no AWS credentials',
      'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`; `runner plan --offline` needs none',
    )
  }
  if (/Region is missing/.test(error.message))
    return say('E807', 'no AWS region is set', 'write `aws: { region: eu-central-1 }` in the play, or set AWS_REGION')
  if (
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/.test(name) ||
    /sso.*(expired|invalid)/i.test(error.message)
  ) {
    return say(
      'E802',
      'the AWS credentials have expired',
      'renew them (`aws sso login`, or new session keys) and run again; what was done stays done',
    )
  }
  if (
    /^(UnrecognizedClientException|InvalidClientTokenId|AuthFailure|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature)$/.test(
      name,
    )
  ) {
    return say(
      'E803',
      `AWS does not accept the credentials (${name})`,
      'check the key, and that the clock of this machine is right; the region must be enabled for the account',
    )
  }
  if (/^(UnauthorizedOperation|AccessDenied|AccessDeniedException|AuthorizationError)$/.test(name)) {
    return say('E804', `the AWS user may not do this: ${oneLine(error.message)}`, 'ask for this permission')
  }
  if (networkCodes.includes(code) || name === 'TimeoutError') return unreachable(error, region, say)
  if (isQuota(error)) {
    return say(
      'E809',
      `AWS allows no more of these in the account: ${oneLine(error.message)}`,
      'delete what is no longer needed, or ask for a higher quota (Service Quotas in the console), and run again; what was done stays done',
    )
  }
  if (/Throttl|RequestLimitExceeded|TooManyRequests|SlowDown/.test(name)) {
    return say(
      'E806',
      `AWS still refuses after ${error.$metadata?.attempts ?? 'several'} tries: too many calls (${name})`,
      'run again later, or with a smaller --api-concurrency',
    )
  }
  const request = error.$metadata?.requestId
  return say(
    'E800',
    `AWS: ${oneLine(error.message) || name}`,
    `${name}${request === undefined ? '' : `, request ${request}`}`,
  )
}

function unreachable(
  error: AwsError,
  region: string,
  say: (code: `E${number}`, message: string, hint: string) => Diagnostic,
): Diagnostic {
  const host = (error as { hostname?: string }).hostname ?? (error as { address?: string }).address
  const where = host === undefined ? '' : ` at ${host}`
  if (error.code === 'ENOTFOUND') {
    return say(
      'E805',
      `there is no AWS endpoint${where}`,
      `is ${regionIn(host) ?? region} a region, and does it have this service? Is there a way to the Internet? AWS_ENDPOINT_URL or \`aws: { endpoint: … }\` may point elsewhere`,
    )
  }
  return say(
    'E805',
    `AWS does not answer${where} (${error.code ?? error.name})`,
    'check the network, and the endpoint if one is set (AWS_ENDPOINT_URL, `aws: { endpoint: … }`)',
  )
}

/** The region that an endpoint's name says: `ec2.us-east-1.amazonaws.com`. */
function regionIn(host: string | undefined): string | undefined {
  return host === undefined ? undefined : /\.([a-z]{2,}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(host)?.[1]
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/ Encoded authorization failure message: \S+/, '')
    .trim()
    .slice(0, 500)
}
