import type { Event } from '../engine/event.ts'
import { duration } from './duration.ts'
import { long, narrator } from './lines.ts'
import { escapeLine, paint } from './escape.ts'
import type { Renderer, RendererOptions } from './renderer.ts'
import { onHost } from './summary.ts'

/** Milliseconds between two lines on what one task is waiting for. */
const between = 60_000

/** For pipes and CI: lines that come and stay, one an event. What takes long says once a minute what it waits for. */
export function plainRenderer(options: RendererOptions): Renderer {
  const tell = narrator({ ...options, single: true })
  const style = paint(options.colour)
  const names = new Map<string, string>()
  const said = new Map<string, number>()
  const say = (text: string): void => {
    if (text !== '') options.stdout.write(text)
  }
  return {
    event(event: Event) {
      say(tell(event))
      if (event.type === 'node.start') {
        names.set(event.node, `${escapeLine(event.task)}${onHost(event.where)}`)
        said.set(event.node, event.t)
        const usual = event.usual === undefined ? '' : `, usually ${duration(event.usual)}`
        if (options.verbose || (event.usual ?? 0) >= long)
          say(style.dim(`  … ${names.get(event.node)}: ${verbs[event.phase]}${usual}`) + '\n')
      } else if (event.type === 'node.status') {
        const last = said.get(event.node) ?? event.t
        if (!options.verbose && event.t - last < between) return
        said.set(event.node, event.t)
        say(style.dim(`  … ${names.get(event.node) ?? escapeLine(event.node)}: ${escapeLine(event.text)}`) + '\n')
      }
    },
    close: () => Promise.resolve(),
  }
}

const verbs = { act: 'started', ready: 'waiting until it is ready', destroy: 'deleting' } as const
