/** What the SDK tells a retry strategy of an error (smithy, RetryErrorInfo). */
interface ErrorInfo {
  readonly error?: unknown
  readonly errorType: 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR'
  readonly retryAfterHint?: Date
}

interface Token {
  getRetryCount(): number
  getRetryDelay(): number
}

const attempts = 10
/** Milliseconds. */
const longest = 20_000

/**
 * Which calls are made again, and when: throttling, faults of AWS and broken connections, with growing pauses of random length. A quota that is used
 * up is no throttling though the SDK takes it for such (smithy, service-error-classification: LimitExceededException), and wrong credentials do
 * not become right.
 */
export function makeRetries(random: () => number) {
  const token = (count: number, delay: number): Token => ({ getRetryCount: () => count, getRetryDelay: () => delay })
  return {
    mode: 'standard',
    acquireInitialRetryToken: (): Promise<Token> => Promise.resolve(token(0, 0)),
    refreshRetryTokenForRetry(before: Token, info: ErrorInfo): Promise<Token> {
      const count = before.getRetryCount() + 1
      // what is thrown here ends the attempts; the SDK throws the error of the call itself
      if (count >= attempts || !isWorthRetrying(info)) return Promise.reject(new Error('no more attempts'))
      const base = info.errorType === 'THROTTLING' ? 500 : 100
      const hint = info.retryAfterHint === undefined ? 0 : info.retryAfterHint.getTime() - Date.now()
      return Promise.resolve(token(count, Math.max(hint, random() * Math.min(longest, base * 2 ** count))))
    },
    recordSuccess: (): void => undefined,
  }
}

export function isWorthRetrying({ error, errorType }: ErrorInfo): boolean {
  return errorType !== 'CLIENT_ERROR' && !isQuota(error)
}

/** A limit of the account, not of the rate of calls: trying again does not help. */
export function isQuota(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    /LimitExceeded/.test(error.name) && !/^Request|Throttl/.test(error.name) && !/rate|throttl/i.test(error.message)
  )
}

/** AWS said that there are too many calls at a time. */
export function isThrottling(error: unknown): boolean {
  if (!(error instanceof Error) || isQuota(error)) return false
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
  return (
    status === 429 ||
    /Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|PriorRequestNotComplete|BandwidthLimitExceeded/.test(
      error.name,
    )
  )
}
