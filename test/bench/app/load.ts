/** Asks again and again from so many clients at once; an answer that is not one of `fine` is a failure. */
export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly answered: number
  readonly failures: Readonly<Record<string, number>>
  /** Milliseconds between the first and the last failure. */
  readonly failing: number
}

export async function load(
  ask: (client: number) => Promise<number>,
  options: { readonly clients: number; readonly seconds: number; readonly fine: readonly number[] },
): Promise<Load> {
  const times: number[] = []
  const failures: Record<string, number> = {}
  const failedAt: number[] = []
  const begun = performance.now()
  const end = begun + options.seconds * 1000
  const client = async (index: number): Promise<void> => {
    while (performance.now() < end) {
      const start = performance.now()
      const status = await ask(index).catch(() => 0)
      if (options.fine.includes(status)) times.push(performance.now() - start)
      else {
        failures[status] = (failures[status] ?? 0) + 1
        failedAt.push(performance.now())
      }
    }
  }
  await Promise.all(Array.from({ length: options.clients }, (_, index) => client(index)))
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return {
    perSecond: Math.round(times.length / ((performance.now() - begun) / 1000)),
    p50: at(0.5),
    p99: at(0.99),
    answered: times.length,
    failures,
    failing: Math.round((failedAt.at(-1) ?? 0) - (failedAt[0] ?? 0)),
  }
}
