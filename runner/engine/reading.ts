import type { Walk } from './walk.ts'

const hosts = new WeakMap<Walk, Set<string>>()

/** Tells who watches a plan's walk how far it is, and which hosts it waits for. */
export function tellReading(walk: Walk, last?: string): void {
  const waiting = [...(hosts.get(walk) ?? [])]
  walk.emit({
    type: 'read.progress',
    done: walk.outcomes.size,
    all: walk.outcomes.size,
    ...(last !== undefined && { last }),
    ...(waiting.length > 0 && { waiting }),
  })
}

/** Does what reads a host, which is waited for meanwhile. */
export async function whileReading<T>(walk: Walk, host: string, work: () => Promise<T>): Promise<T> {
  if (walk.mode !== 'plan' || host === 'localhost') return await work()
  const going = hosts.get(walk) ?? new Set()
  hosts.set(walk, going.add(host))
  tellReading(walk)
  try {
    return await work()
  } finally {
    going.delete(host)
    tellReading(walk)
  }
}
