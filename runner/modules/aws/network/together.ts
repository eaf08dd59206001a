/**
 * Does it to all at the same time. When one fails, that is said when the calls for the others have ended, too: nothing of a task goes on behind its
 * end. `over` says to the others that one has failed, so that none of them waits on.
 */
export async function together<T>(
  list: readonly T[],
  work: (one: T, over: () => boolean) => Promise<unknown>,
): Promise<void> {
  const faults: unknown[] = []
  await Promise.all(
    list.map((one) => work(one, () => faults.length > 0).catch((error: unknown) => void faults.push(error))),
  )
  if (faults.length > 0) throw faults[0]
}
