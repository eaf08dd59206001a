import { setTimeout as sleep } from 'node:timers/promises'
import { failureOf, Unavailable, type Failure } from './failures.ts'

/** Tries again while the server is away, with growing pauses, and gives up with `Unavailable` when the time is over. */
export async function patiently<T>(
  seconds: number,
  attempt: () => Promise<T>,
  onFailure: (failure: Failure, error: unknown) => Promise<void> | void,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    try {
      return await attempt()
    } catch (error) {
      const failure = failureOf(error)
      if (error instanceof Unavailable || failure === 'other') throw error
      await onFailure(failure, error)
      // all come back at different moments
      const wait = pause * (0.5 + Math.random())
      if (performance.now() + wait > end) throw new Unavailable(error)
      await sleep(wait)
    }
  }
}
