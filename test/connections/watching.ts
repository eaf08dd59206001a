import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'

/** What a promise was rejected with. */
export async function failing(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error as Error,
  )
}

/** Kills processes; one that ended by itself, since another of them is gone, is no fault. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Command lines of all processes, words separated by NUL. */
export function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
      } catch {
        return []
      }
    })
}
