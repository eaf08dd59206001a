import type { HostModule } from '../modules/module.ts'
import type { EventBody } from './event.ts'

/** Whole lines of what programs print on hosts. */
export interface Printing {
  /** `progress` takes lines that only tell how far the program is. */
  take(node: string, stream: 'stdout' | 'stderr', text: string, progress?: Progress): void
  /** Tells what is left of a node that is through. */
  end(node: string): void
}

type Progress = NonNullable<HostModule['progress']>

/** Milliseconds between two words on how far a program is. */
const between = 500
/** A line that does not end is told in pieces of this length. */
const longest = 16_384
const streams = ['stdout', 'stderr'] as const

/**
 * Keeps back a line until it has ended, so that a reader gets no half ones, and a secret that is to be taken out is not cut in two. A bar
 * that is drawn over and over ends its lines with `\r`.
 */
export function makePrinting(emit: (event: EventBody) => void, clock: () => number): Printing {
  const rests = new Map<string, string>()
  const told = new Map<string, number>()
  const states = new Map<string, unknown>()
  /** What came too soon after the last word to be told. */
  const held = new Map<string, string>()
  const without = (node: string, text: string, progress: Progress): string =>
    text
      .split(/(?<=\n)/)
      .filter((line) => {
        const far = progress(line.trimEnd(), states.get(node))
        if (!far) return true
        states.set(node, far.state)
        if (clock() - (told.get(node) ?? 0) < between) held.set(node, far.text)
        else {
          told.set(node, clock())
          held.delete(node)
          emit({ type: 'node.status', node, text: far.text })
        }
        return false
      })
      .join('')
  const tell = (node: string, stream: 'stdout' | 'stderr', text: string): void => {
    if (text !== '') emit({ type: 'node.output', node, stream, text })
  }
  return {
    take(node, stream, text, progress) {
      const key = `${stream} ${node}`
      const all = `${rests.get(key) ?? ''}${text}`
      const end = Math.max(all.lastIndexOf('\n'), all.lastIndexOf('\r'))
      const at = all.length - end > longest ? all.length : end + 1
      const whole = all.slice(0, at)
      tell(node, stream, progress ? without(node, whole, progress) : whole)
      rests.set(key, all.slice(at))
    },
    end(node) {
      states.delete(node)
      const last = held.get(node)
      if (last !== undefined) emit({ type: 'node.status', node, text: last })
      held.delete(node)
      for (const stream of streams) {
        tell(node, stream, rests.get(`${stream} ${node}`) ?? '')
        rests.delete(`${stream} ${node}`)
      }
    },
  }
}
