import { readdirSync, readFileSync } from 'node:fs'

/** What a promise was rejected with. */
export async function failing(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error as Error,
  )
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
