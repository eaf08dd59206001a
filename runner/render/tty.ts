import type { Event } from '../engine/event.ts'
import { clip, escapeTerminal, paint } from './escape.ts'
import { duration, linesOf } from './lines.ts'
import type { Renderer, RendererOptions } from './renderer.ts'

interface Row {
  readonly title: string
  readonly since: number
  status: string
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** More rows than this say nothing to a reader. */
const mostRows = 12

/** For a terminal: what is under way in rows that change in place, what is done above them. */
export function ttyRenderer(options: RendererOptions): Renderer {
  const rows = new Map<string, Row>()
  const style = paint(options.colour)
  let drawn = 0
  let frame = 0
  let reading = ''
  let pending = ''

  const erase = (): string => (drawn === 0 ? '' : `\u001B[${drawn}A\u001B[0J`)
  const draw = (): void => {
    const width = Math.max(10, options.width() - 1)
    const now = Date.now()
    const shown = [...rows.values()].slice(0, mostRows)
    const lines = shown.map((row) =>
      clip(
        `${spinner[frame % spinner.length] ?? ''} ${row.title} ${duration((now - row.since) / 1000)}${row.status === '' ? '' : ` – ${row.status}`}`,
        width,
      ),
    )
    if (rows.size > mostRows) lines.push(clip(`  and ${rows.size - mostRows} more`, width))
    if (lines.length === 0 && reading !== '')
      lines.push(clip(`${spinner[frame % spinner.length] ?? ''} ${reading}`, width))
    const text = `${erase()}${pending}${lines.map((line) => `${style.dim(line)}\n`).join('')}`
    pending = ''
    drawn = lines.length
    frame += 1
    if (text !== '') options.stdout.write(text)
  }
  // ten times a second, however many events there are
  const timer = setInterval(draw, 100)
  timer.unref()

  return {
    event(event: Event) {
      if (event.type === 'node.start')
        rows.set(`${event.node} ${event.phase}`, {
          title: `${escapeTerminal(event.task)}${event.where === 'aws' ? '' : ` on ${event.where}`}`,
          since: event.t,
          status: event.usual === undefined ? '' : `usually ${duration(event.usual)}`,
        })
      else if (event.type === 'node.done') rows.delete(`${event.node} ${event.phase}`)
      else if (event.type === 'node.status') {
        for (const [key, row] of rows) if (key.startsWith(`${event.node} `)) row.status = escapeTerminal(event.text)
      } else if (event.type === 'node.output') {
        for (const [key, row] of rows)
          if (key.startsWith(`${event.node} `)) row.status = escapeTerminal(event.text.trim().split('\n').at(-1) ?? '')
      } else if (event.type === 'read.progress')
        reading = `reading: ${event.done} seen${event.last === undefined ? '' : `, last ${escapeTerminal(event.last)}`}`
      if (event.type === 'plan' || event.type === 'run.done') reading = ''
      pending += linesOf(event, {
        width: options.width(),
        colour: options.colour,
        verbose: options.verbose,
        diff: options.diff,
      })
      // a plan is shown before the question about it is asked
      if (event.type === 'plan' || event.type === 'run.done') draw()
    },
    close() {
      clearInterval(timer)
      rows.clear()
      reading = ''
      draw()
      return Promise.resolve()
    },
  }
}
