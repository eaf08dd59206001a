import type { EventBody } from './event.ts'
import type { Run } from './journal.ts'

/** What a node is about, whatever host or item: `play/task` and the phase. */
export function kindOf(node: string, phase: string): string {
  return `${node.replace(/(\[.*\])?@[^@]*$/s, '')} ${phase}`
}

/** Seconds that tasks usually took when they changed something: the median of the runs that are remembered. */
export function usualTimes(runs: readonly Run[]): ReadonlyMap<string, number> {
  const took = new Map<string, number[]>()
  for (const { events } of runs) {
    for (const event of events) {
      if (event.type !== 'node.done' || (event.result !== 'changed' && event.phase === 'act')) continue
      if (event.result !== 'changed' && event.result !== 'ok') continue
      const kind = kindOf(event.node, event.phase)
      took.set(kind, [...(took.get(kind) ?? []), event.seconds])
    }
  }
  return new Map(
    [...took].map(([kind, all]) => [kind, all.toSorted((a, b) => a - b)[Math.floor((all.length - 1) / 2)] as number]),
  )
}

/** Shorter times vary too much for saying that one is unusual; in seconds. */
const least = 2

export interface Pace {
  /** The event with what is known of how long it takes; tells, while it lasts, when it takes twice that. */
  note(event: EventBody): EventBody
  stop(): void
}

export function makePace(usual: ReadonlyMap<string, number>, tell: (event: EventBody) => void): Pace {
  const timers = new Map<string, NodeJS.Timeout>()
  const last = new Map<string, string>()
  const end = (key: string): void => {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }
  return {
    note(event) {
      if (event.type === 'node.status' || event.type === 'node.output') {
        const line =
          event.text
            .trim()
            .split(/[\r\n]+/)
            .at(-1) ?? ''
        if (line !== '') last.set(event.node, line)
      }
      if (event.type === 'node.done') end(`${event.node} ${event.phase}`)
      if (event.type !== 'node.start') return event
      const seconds = usual.get(kindOf(event.node, event.phase)) ?? event.usual
      if (seconds === undefined || seconds < least) return event
      const { node, phase } = event
      const slow = (): void => {
        const said = last.get(node)
        tell({
          type: 'node.slow',
          node,
          seconds: 2 * seconds,
          usual: seconds,
          ...(said !== undefined && { last: said }),
        })
      }
      end(`${node} ${phase}`)
      timers.set(`${node} ${phase}`, setTimeout(slow, 2 * seconds * 1000).unref())
      return { ...event, usual: seconds }
    },
    stop: () => [...timers.keys()].forEach(end),
  }
}
