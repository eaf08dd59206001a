import { refusal, type Answer, type Call } from './rule.ts'
import { hideNew, keepStale } from './late-sight.ts'

/** What goes wrong on purpose; `of` says of which calls (`ec2:Create.*`), `share` of how many of them, `times` how often at most. */
export interface Trouble {
  readonly what:
    | 'throttled'
    | 'server error'
    | 'unavailable'
    /** The call is taken, and the connection cut before the answer. */
    | 'lost reply'
    /** The call is taken, and the answer is a 500. */
    | 'failed reply'
    /** The call is taken, and answered with a no only when other troubles come, or an end of them: time to kill who called. */
    | 'stalled'
    | 'denied'
    | 'expired'
    | 'in use'
    /** What was made is not seen for so many looks. */
    | 'not visible'
    /** What was changed is seen as it was for so many looks. */
    | 'stale'
    /** AWS's clock is half an hour ahead. */
    | 'clock skew'
  readonly of: RegExp
  readonly share?: number
  /** Of each operation. */
  readonly times?: number
  /** Calls that pass first, of all that it is about. */
  readonly after?: number
}

export interface Troubles {
  /** From now on, with chances that are the same each time for a seed. */
  begin(troubles: readonly Trouble[], seed?: number): void
  end(): void
  /** How often each has happened. */
  happened(): Readonly<Record<string, number>>
  meet(call: Call, next: () => Promise<Answer>): Promise<Answer | 'cut'>
}

/** How far AWS's clock is ahead when it is. */
const skew = 30 * 60_000

export function makeTroubles(): Troubles {
  let all: readonly Trouble[] = []
  let random = generator(1)
  let state = new Map<Trouble, { seen: number; readonly hits: Map<string, number> }>()
  const counts = new Map<string, number>()
  const waiting: (() => void)[] = []
  const release = (): void => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  let sights: readonly ((call: Call, next: () => Promise<Answer>) => Promise<Answer>)[] = []
  const hits = (trouble: Trouble, name: string): boolean => {
    if (!trouble.of.test(name)) return false
    const own = state.get(trouble) ?? { seen: 0, hits: new Map<string, number>() }
    state.set(trouble, own)
    own.seen += 1
    const before = own.hits.get(name) ?? 0
    if (own.seen <= (trouble.after ?? 0) || before >= (trouble.times ?? Infinity)) return false
    if (random() >= (trouble.share ?? 1)) return false
    own.hits.set(name, before + 1)
    return true
  }
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
  return {
    begin(troubles, seed = 1) {
      release()
      all = troubles
      random = generator(seed)
      state = new Map()
      counts.clear()
      sights = troubles.flatMap(({ what, of, times = 2 }) =>
        what === 'not visible'
          ? [hideNew(of, times, () => count(what))]
          : what === 'stale'
            ? [keepStale(of, times, () => count(what))]
            : [],
      )
    },
    end() {
      all = []
      sights = []
      release()
    },
    happened: () => Object.fromEntries(counts),
    async meet(call, next) {
      const name = `${call.service}:${call.operation}`
      for (const trouble of all) {
        const { what } = trouble
        if (what === 'not visible' || what === 'stale') continue
        if (what === 'clock skew') {
          const answer = skewed(call)
          if (answer) count(what)
          if (answer) return answer
          continue
        }
        if (!hits(trouble, name)) continue
        if (what !== 'stalled') count(what)
        if (what === 'lost reply' || what === 'failed reply' || what === 'stalled') await next()
        if (what === 'stalled') {
          count(what)
          await new Promise<void>((resolve) => waiting.push(resolve))
          return answerOf('denied', call)
        }
        return what === 'lost reply' ? 'cut' : answerOf(what, call)
      }
      const seen = sights.reduce<() => Promise<Answer>>((inner, sight) => () => sight(call, inner), next)
      return await seen()
    },
  }
}

function answerOf(what: Trouble['what'], call: Call): Answer {
  const ec2 = call.service === 'ec2'
  switch (what) {
    case 'throttled':
      return ec2
        ? refusal(call, 'RequestLimitExceeded', 'Request limit exceeded.', 503)
        : refusal(call, 'Throttling', 'Rate exceeded')
    case 'denied':
      return refusal(
        call,
        ec2 ? 'UnauthorizedOperation' : 'AccessDenied',
        `User: arn:aws:iam::123456789012:user/lab is not authorized to perform: ${call.service}:${call.operation}`,
        403,
      )
    case 'expired':
      return ec2
        ? refusal(call, 'RequestExpired', 'Request has expired.')
        : refusal(call, 'ExpiredToken', 'The security token included in the request is expired', 403)
    case 'in use':
      return refusal(call, inUseCodes[call.service] ?? 'ResourceInUse', 'it has a dependent object')
    case 'unavailable':
      return refusal(call, 'ServiceUnavailable', 'The service is unavailable. Please try again shortly.', 503)
    default:
      return refusal(call, 'InternalError', 'An internal error has occurred', 500)
  }
}

const inUseCodes: Readonly<Record<string, string>> = {
  ec2: 'DependencyViolation',
  rds: 'InvalidDBSubnetGroupStateFault',
  efs: 'FileSystemInUse',
  autoscaling: 'ScalingActivityInProgress',
}

/** More than five minutes between the clocks are refused (Signature Version 4), with AWS's time in the answer. */
function skewed(call: Call): Answer | undefined {
  const date = String(call.headers['x-amz-date'] ?? '')
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const now = Date.now() + skew
  if (Number.isNaN(signed) || Math.abs(now - signed) < 5 * 60_000) return undefined
  const answer = refusal(call, 'RequestTimeTooSkewed', 'The difference between the times is too large', 403)
  return { ...answer, headers: { ...answer.headers, date: new Date(now).toUTCString() } }
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
