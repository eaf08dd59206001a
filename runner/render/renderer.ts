import { writeFileSync } from 'node:fs'
import type { Event } from '../engine/event.ts'
import { reasonOf } from './file-errors.ts'

/** Draws the events of a run as they come. After `close` nothing is written. */
export interface Renderer {
  event(event: Event): void
  close(): Promise<void>
}

export interface RendererOptions {
  /** `rows`, where it is a terminal: its height, asked anew at each draw. */
  readonly stdout: { write(text: string): unknown; readonly rows?: number | undefined }
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
  if (kind === 'json') return (await import('./json.ts')).jsonRenderer(options)
  if (kind === 'tty') return (await import('./tty.ts')).ttyRenderer(options)
  if (kind === 'plain') return (await import('./plain.ts')).plainRenderer(options)
  return await htmlRenderer(options)
}

/** A page has its head before its body, so it is written when the run is over; a file's reader is told the summary at once. */
async function htmlRenderer({ stdout, file, ...options }: RendererOptions): Promise<Renderer> {
  const [{ renderReport }, { narrator }] = await Promise.all([import('./report.ts'), import('./lines.ts')])
  const tell = narrator({ ...options, single: false })
  const events: Event[] = []
  return {
    event(event) {
      // what a command says makes the page long and is in the journal; it is asked for by -v
      if (event.type !== 'node.output' || options.verbose) events.push(event)
      const text = tell(event)
      if (event.type === 'run.done' && file !== undefined) stdout.write(text)
    },
    close() {
      const page = renderReport(events)
      if (file === undefined) stdout.write(page)
      else {
        // the run is over, and so is how it ended
        try {
          writeFileSync(file, page)
          stdout.write(`report: ${file}\n`)
        } catch (error) {
          stdout.write(`no report, ${file} cannot be written: ${reasonOf(error)}\n`)
        }
      }
      return Promise.resolve()
    },
  }
}
