import type { Session } from './session.ts'

/** Of the ten channels that sshd allows on a connection (MaxSessions, sshd_config(5)); what ends a task needs one, too. */
const most = 8

/**
 * Waits until there may be a shell of this name beside those that are open: where there are too many, one that nobody uses goes, and where
 * all are used, the first that is free. Gives what says that it is used no more.
 */
export function makeSeats(sessions: Map<string, Promise<Session>>): (key: string) => Promise<() => void> {
  const used = new Map<string, number>()
  let changed = Promise.withResolvers<void>()
  const leave = (key: string): void => {
    used.set(key, (used.get(key) ?? 1) - 1)
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const taken = (): ReadonlySet<string> =>
    // those that are about to be opened count, too
    new Set([...sessions.keys(), ...[...used].flatMap(([key, times]) => (times > 0 ? [key] : []))])
  return async (key) => {
    for (let open = taken(); !open.has(key) && open.size >= most; open = taken()) {
      const idle = [...sessions.keys()].find((other) => (used.get(other) ?? 0) === 0)
      if (idle === undefined) await changed.promise
      else {
        const session = await sessions.get(idle)?.catch(() => undefined)
        // somebody may have come for it meanwhile
        if ((used.get(idle) ?? 0) > 0) continue
        sessions.delete(idle)
        session?.close()
        await session?.ended
      }
    }
    used.set(key, (used.get(key) ?? 0) + 1)
    return () => leave(key)
  }
}
