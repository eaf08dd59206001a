import process from 'node:process'
import type { Event } from '../engine/event.ts'
import { someOf } from './plan-groups.ts'
import { escapeLine, paint, widthOf } from './escape.ts'
import { duration } from './duration.ts'
import { laidOut } from './laid-out.ts'
import { narrator } from './lines.ts'
import type { Renderer, RendererOptions } from './renderer.ts'
import { line, type Segment } from './segments.ts'
import { onHost } from './summary.ts'

interface Row {
  readonly title: string
  readonly since: number
  /** Seconds that it usually takes. */
  readonly usual: number | undefined
  readonly node: string
  status: string
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** More rows than this say nothing to a reader. */
const mostRows = 16
/** Milliseconds between two frames: ten a second, however many events there are. */
const between = 100
const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'

/** For a terminal: what is under way in rows that change in place, what is done above them. */
export function ttyRenderer(options: RendererOptions, clock: () => number = Date.now): Renderer {
  const { stdout } = options
  const style = paint(options.colour)
  const tell = narrator({ ...options, single: false })
  const rows = new Map<string, Row>()
  /** Columns that each row on the screen takes. */
  let drawn: readonly number[] = []
  let frame = 0
  let reading = ''
  let pending = ''
  let hidden = false

  const restore = (): void => {
    if (hidden) stdout.write(showCursor)
    hidden = false
  }
  const draw = (): void => {
    const columns = Math.max(1, options.width())
    // a cut is better than a row that breaks: it could not be taken back. The last line is the cursor's.
    const lines = rowLines(Math.min(mostRows, (stdout.rows ?? 24) - 1)).map((segments) => {
      const spin = spinner[frame % spinner.length] ?? ''
      return line([[`${spin} `, style.cyan], ...segments], columns - 1)
    })
    if (lines.length === 0 && drawn.length === 0 && pending === '') return
    const hide = lines.length > 0 && !hidden ? hideCursor : ''
    const show = lines.length === 0 && hidden ? showCursor : ''
    hidden = lines.length > 0
    stdout.write(`${hide}${erase(columns)}${pending}${lines.map((text) => `${text}\n`).join('')}${show}`)
    pending = ''
    drawn = lines.map((text) => widthOf(text.replaceAll(/\u001B\[\d+m/g, '')))
    frame += 1
  }
  // a terminal that became narrower has broken the rows that are on it
  const erase = (columns: number): string => {
    const height = drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0)
    // line by line: some terminals keep in their history what clearing the whole screen takes away
    return height === 0 ? '' : `${'\u001B[1A\u001B[2K'.repeat(height)}\r`
  }
  const rowLines = (most: number): readonly (readonly Segment[])[] => {
    if (most < 1) return []
    if (rows.size === 0) return reading === '' ? [] : [[[reading, style.dim]]]
    const shown = [...rows.values()].slice(0, rows.size > most ? most - 1 : most)
    const more = rows.size - shown.length
    return [
      ...shown.map((row) => rowSegments(row)),
      ...(more > 0 ? [[[`and ${more} more`, style.dim] as Segment]] : []),
    ]
  }
  const rowSegments = ({ title, since, usual, status }: Row): readonly Segment[] => [
    [title],
    [`  ${duration(Math.max(0, clock() - since) / 1000)}`, style.yellow],
    pace(usual, Math.max(0, clock() - since) / 1000),
    [status === '' ? '' : `  ${status}`, style.dim],
  ]

  const pace = (usual: number | undefined, seconds: number): Segment => {
    if (usual === undefined) return ['', style.dim]
    if (seconds < usual) return [` (about ${duration(usual - seconds)} left)`, style.dim]
    return [` (usually ${duration(usual)})`, seconds < 2 * usual ? style.dim : style.red]
  }

  const timer = setInterval(draw, between)
  timer.unref()
  // the second Ctrl-C ends the process at once
  process.once('exit', restore)

  return {
    event(event: Event) {
      if (event.type === 'node.start') rows.set(`${event.node} ${event.phase}`, rowOf(event))
      else if (event.type === 'node.done') rows.delete(`${event.node} ${event.phase}`)
      else if (event.type === 'node.status' || event.type === 'node.output') {
        const text = lastLine(event.text)
        for (const row of rows.values()) if (row.node === event.node && text !== '') row.status = text
      } else if (event.type === 'node.retry') {
        for (const row of rows.values()) if (row.node === event.node) row.status = `try ${event.attempt} of ${event.of}`
      } else if (event.type === 'read.progress') {
        const of = event.all > event.done ? ` of ${event.all}` : ''
        const last = event.last === undefined ? '' : `, last ${escapeLine(event.last)}`
        const hosts = event.waiting === undefined ? '' : `; waits for ${escapeLine(someOf(event.waiting))}`
        reading = `reading: ${event.done}${of}${hosts === '' ? last : hosts}`
      }
      if (event.type === 'plan' || event.type === 'run.done') reading = ''
      pending += laidOut(tell(event), options.width())
      // a plan is shown before the question about it is asked
      if (event.type === 'plan' || event.type === 'run.done') draw()
    },
    close() {
      clearInterval(timer)
      process.off('exit', restore)
      rows.clear()
      reading = ''
      draw()
      restore()
      return Promise.resolve()
    },
  }
}

function rowOf(event: Extract<Event, { type: 'node.start' }>): Row {
  const doing = { act: '', ready: ', getting ready', destroy: ', deleting' }[event.phase]
  return {
    title: `${escapeLine(event.task)}${onHost(event.where)}${doing}`,
    since: event.t,
    usual: event.usual,
    node: event.node,
    status: '',
  }
}

/** What a program that writes its progress over and over has written last. */
function lastLine(text: string): string {
  return escapeLine(
    text
      .split(/[\r\n]/)
      .findLast((part) => part.trim() !== '')
      ?.trim() ?? '',
  )
}
