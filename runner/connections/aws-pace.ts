/** How fast one service of one region may be called: a token bucket that learns from what AWS says. */
export interface Pace {
  /** Resolves when the next call may be made. */
  turn(signal: AbortSignal): Promise<void>
  /** AWS said that these are too many calls. */
  throttled(): void
  passed(): void
  /** Calls a second; infinite as long as AWS has not complained. */
  rate(): number
}

export interface PaceSettings {
  readonly clock: () => number
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** What a bucket begins with when AWS complains for the first time: API buckets of EC2 refill by 5 to 100 a second (EC2 Developer Guide, throttling). */
const first = 20
const least = 0.5
/** Above this it is as if there were no limit. */
const most = 100

/** Halves with each sign of throttling (at most once a second: a burst is one sign), and grows slowly while calls go through. */
export function makePace({ clock, sleep }: PaceSettings): Pace {
  let rate = Number.POSITIVE_INFINITY
  let tokens = 0
  let filled = clock()
  let halved = Number.NEGATIVE_INFINITY
  const fill = (): void => {
    const now = clock()
    tokens = Math.min(Math.max(1, rate), tokens + (rate * (now - filled)) / 1000)
    filled = now
  }
  return {
    rate: () => rate,
    async turn(signal) {
      while (Number.isFinite(rate)) {
        fill()
        if (tokens >= 1) {
          tokens -= 1
          return
        }
        await sleep(Math.ceil(((1 - tokens) / rate) * 1000), signal)
      }
    },
    throttled() {
      const now = clock()
      if (now - halved < 1000) return
      rate = Number.isFinite(rate) ? Math.max(least, rate / 2) : first
      halved = now
      tokens = 0
      filled = now
    },
    passed() {
      if (!Number.isFinite(rate)) return
      rate += 0.5
      if (rate > most) rate = Number.POSITIVE_INFINITY
    },
  }
}
