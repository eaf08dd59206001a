import { writeFileSync } from 'node:fs'
import type { Event } from '../engine/event.ts'

export interface Renderer {
  event(event: Event): void
  close(): Promise<void>
}

export interface RendererOptions {
  readonly stdout: { write(text: string): unknown }
  /** Columns, asked anew at each draw. */
  readonly width: () => number
  readonly colour: boolean
  readonly verbose: boolean
  readonly diff: boolean
  /** Of `--output html=FILE`. */
  readonly file?: string
}

/** What draws the events of a run; only the code of that kind is loaded. */
export async function makeRenderer(
  kind: 'tty' | 'plain' | 'json' | 'html',
  options: RendererOptions,
): Promise<Renderer> {
  if (kind === 'json')
    return { event: (event) => void options.stdout.write(`${JSON.stringify(event)}\n`), close: () => Promise.resolve() }
  if (kind === 'tty') return (await import('./tty.ts')).ttyRenderer(options)
  if (kind === 'plain') return (await import('./plain.ts')).plainRenderer(options)
  const { renderReport } = await import('./html.ts')
  const events: Event[] = []
  return {
    event: (event) => void events.push(event),
    close: () => {
      const page = renderReport(events)
      if (options.file === undefined) options.stdout.write(page)
      else writeFileSync(options.file, page)
      return Promise.resolve()
    },
  }
}
