import { expect } from 'chai'
import { makePace } from '../../runner/connections/aws-pace.ts'
import { isQuota, isThrottling, makeRetries } from '../../runner/connections/aws-retry.ts'

const named = (name: string, message = ''): Error => Object.assign(new Error(message), { name })

describe('the pace of calls', () => {
  const { signal } = new AbortController()
  const clocked = () => {
    let now = 0
    const pace = makePace({ clock: () => now, sleep: (ms) => ((now += ms), Promise.resolve()) })
    return { pace, now: () => now, pass: (ms: number) => (now += ms) }
  }
  const make = async (pace: ReturnType<typeof makePace>, calls: number): Promise<void> => {
    for (let call = 0; call < calls; call++) await pace.turn(signal)
  }

  it('is unlimited as long as AWS does not complain', async () => {
    const { pace, now } = clocked()
    await make(pace, 1000)
    expect(now()).to.equal(0)
  })

  it('halves when AWS throttles, once for a burst', async () => {
    const { pace, now, pass } = clocked()
    for (let one = 0; one < 5; one++) pace.throttled()
    expect(pace.rate()).to.equal(20)
    await make(pace, 40)
    expect(now()).to.be.within(1900, 2100)
    pass(1000)
    pace.throttled()
    expect(pace.rate()).to.equal(10)
    for (let more = 0; more < 20; more++) {
      pass(1000)
      pace.throttled()
    }
    expect(pace.rate()).to.equal(0.5)
  })

  it('grows again while calls go through', () => {
    const { pace } = clocked()
    pace.throttled()
    for (let call = 0; call < 200; call++) pace.passed()
    expect(pace.rate()).to.equal(Number.POSITIVE_INFINITY)
  })
})

describe('calls that failed', () => {
  const delays = async (errorType: 'THROTTLING' | 'CLIENT_ERROR' | 'TRANSIENT', error: Error) => {
    const retries = makeRetries(() => 1)
    const found: number[] = []
    let token = await retries.acquireInitialRetryToken()
    for (;;) {
      try {
        token = await retries.refreshRetryTokenForRetry(token, { errorType, error })
      } catch {
        return found
      }
      found.push(token.getRetryDelay())
    }
  }

  it('for too many calls are made again after longer and longer pauses', async () => {
    expect(await delays('THROTTLING', named('RequestLimitExceeded'))).to.deep.equal([
      1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000,
    ])
  })

  it('for a quota or for wrong credentials are not made again', async () => {
    expect(await delays('THROTTLING', named('LimitExceededException', 'certificate quota'))).to.deep.equal([])
    expect(await delays('CLIENT_ERROR', named('AuthFailure'))).to.deep.equal([])
    expect(await delays('CLIENT_ERROR', named('ExpiredToken'))).to.deep.equal([])
  })

  it('are told apart by what AWS calls them', () => {
    for (const name of [
      'Throttling',
      'ThrottlingException',
      'RequestLimitExceeded',
      'TooManyRequestsException',
      'SlowDown',
    ])
      expect([isThrottling(named(name)), isQuota(named(name))], name).to.deep.equal([true, false])
    for (const name of [
      'AddressLimitExceeded',
      'LimitExceededException',
      'VpcLimitExceeded',
      'SecurityGroupLimitExceeded',
    ])
      expect([isThrottling(named(name)), isQuota(named(name))], name).to.deep.equal([false, true])
    expect(isThrottling(named('LimitExceededException', 'Rate exceeded'))).to.equal(false)
    expect(isQuota(named('LimitExceededException', 'Rate exceeded'))).to.equal(false)
  })
})
