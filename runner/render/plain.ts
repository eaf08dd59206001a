import type { Event } from '../engine/event.ts'
import { duration, linesOf } from './lines.ts'
import type { Renderer, RendererOptions } from './renderer.ts'

/** For pipes and CI: lines that come and stay. What takes long says once a minute what it waits for. */
export function plainRenderer(options: RendererOptions): Renderer {
  const said = new Map<string, number>()
  return {
    event(event: Event) {
      if (event.type === 'node.status') {
        const last = said.get(event.node)
        if (last !== undefined && event.t - last < 60_000) return
        said.set(event.node, event.t)
        if (last !== undefined || options.verbose) options.stdout.write(`  … ${event.text}\n`)
        return
      }
      if (event.type === 'node.start' && event.usual !== undefined && event.usual >= 60)
        options.stdout.write(`  … ${event.task} usually takes ${duration(event.usual)}\n`)
      const text = linesOf(event, {
        width: options.width(),
        colour: options.colour,
        verbose: options.verbose,
        diff: options.diff,
      })
      if (text !== '') options.stdout.write(text)
    },
    close: () => Promise.resolve(),
  }
}
