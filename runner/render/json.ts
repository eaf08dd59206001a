import type { Event } from '../engine/event.ts'
import type { Renderer, RendererOptions } from './renderer.ts'

/** JSON that does no harm on a terminal either: what `JSON.stringify` leaves of C1 controls and marks of direction is written as `\u009b`. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(/[\u007F-\u009F\p{Cf}\u2028\u2029]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** For programs: each event as one line of JSON, the last of them `run.done`. */
export function jsonRenderer({ stdout }: Pick<RendererOptions, 'stdout'>): Renderer {
  return {
    event: (event: Event) => void stdout.write(`${jsonText(event)}\n`),
    close: () => Promise.resolve(),
  }
}
