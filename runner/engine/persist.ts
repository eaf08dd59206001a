import { ConnectionFailure } from '../connections/connection.ts'
import type { LaneView } from './scope.ts'

/** Seconds before each new try: a link that was cut is mostly back soon, a host that is away stays away. */
const pauses = [1, 2, 4]

/**
 * Does what only reads, and does it again when the link to a host breaks that was there before: a host of which nothing was seen yet
 * may as well be down, and that is said at once.
 */
export async function persist<T>(view: LaneView, where: string, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      const pause = pauses[tries]
      if (pause === undefined || !(error instanceof ConnectionFailure) || !error.passing) throw error
      if (view.walk.signal.aborted || !(error.code === 'E724' || (await reached(view, where)))) throw error
      const text = `${error.message}; trying again in ${pause} s (${tries + 1} of ${pauses.length})`
      view.walk.emit({ type: 'notice', where, text })
      await view.walk.world.sleep(pause * 1000, view.walk.signal)
    }
  }
}

async function reached(view: LaneView, where: string): Promise<boolean> {
  return ((await view.connection(where))?.traffic.exchanges ?? 0) > 0
}
