import { duration } from '../render/duration.ts'
import type { EventBody } from './event.ts'

/** Bytes from which on it is told how far a file is. */
const least = 1e6
/** Milliseconds between two words on it. */
const between = 500

/** Tells how far the files that are sent to hosts are, how fast they go and how long it will take. */
export function makeSending(
  emit: (event: EventBody) => void,
  clock: () => number,
): (node: string, sent: number, all: number) => void {
  const begun = new Map<string, { readonly t: number; readonly sent: number; told: number }>()
  return (node, sent, all) => {
    if (all < least) return
    const now = clock()
    const file = `${node} ${all}`
    const first = begun.get(file) ?? { t: now, sent, told: 0 }
    begun.set(file, first)
    if (sent < all && now - first.told < between) return
    first.told = now
    const rate = now > first.t ? (sent - first.sent) / (now - first.t) : 0
    // not of the very first bytes, which only fill buffers
    const pace =
      sent < all && rate > 0 && now - first.t >= between
        ? `, ${megabytes(rate * 1000)} MB/s, ${duration((all - sent) / rate / 1000)} left`
        : ''
    emit({ type: 'node.status', node, text: `sent ${megabytes(sent)} of ${megabytes(all)} MB${pace}` })
    if (sent >= all) begun.delete(file)
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
