import type { Event, Result } from '../engine/event.ts'
import { escapeTerminal, paint, type Paint } from './escape.ts'
import { renderPlan } from './plan.ts'

export interface LineOptions {
  readonly width: number
  readonly colour: boolean
  readonly verbose: boolean
  readonly diff: boolean
}

/** What an event is to people, as lines of text; empty for those that only matter while they happen. */
export function linesOf(event: Event, options: LineOptions): string {
  const style = paint(options.colour)
  switch (event.type) {
    case 'run.start':
      return event.resumed === undefined ? '' : `${style.dim(`goes on with ${event.resumed}`)}\n`
    case 'notice':
      return `${style.dim(event.where === undefined ? escapeTerminal(event.text) : `${event.where}: ${escapeTerminal(event.text)}`)}\n`
    case 'plan':
      return `${renderPlan(event.plan, options)}\n`
    case 'play.start':
      return `${style.bold(event.name)}${event.hosts.length === 0 ? style.dim(' (no hosts)') : ''}\n`
    case 'node.retry':
      return `  ${style.yellow('↻')} ${event.node}: try ${event.attempt} of ${event.of}: ${escapeTerminal(event.why)}\n`
    case 'node.output':
      return options.verbose
        ? event.text
            .replace(/\n$/, '')
            .split('\n')
            .map((line) => `      ${style.dim(escapeTerminal(line))}\n`)
            .join('')
        : ''
    case 'node.done':
      return doneLine(event, options, style)
    case 'run.done':
      return summary(event, style)
    default:
      return ''
  }
}

const marks: Readonly<Record<Result, string>> = {
  ok: '✓',
  changed: '✔',
  failed: '✗',
  ignored: '⚠',
  skipped: '-',
  unreachable: '✗',
  blocked: '·',
  cancelled: '·',
}

function doneLine(event: Extract<Event, { type: 'node.done' }>, { verbose }: LineOptions, style: Paint): string {
  const { result, phase, task, where, seconds, message } = event
  // an unchanged thing, or one that was ready at once, is no news
  if (
    !verbose &&
    ((result === 'ok' && (phase === 'act' || seconds < 1) && message === undefined) || result === 'skipped')
  )
    return ''
  const colour = {
    ok: style.green,
    changed: style.yellow,
    failed: style.red,
    unreachable: style.red,
    ignored: style.magenta,
    skipped: style.dim,
    blocked: style.dim,
    cancelled: style.dim,
  }[result]
  const what = phase === 'ready' ? ' ready' : phase === 'destroy' ? ' deleted' : ''
  const place = where === 'aws' ? '' : style.dim(` on ${where}`)
  const time = seconds >= 0.1 ? style.dim(` ${duration(seconds)}`) : ''
  const said = message === undefined ? '' : `\n      ${escapeTerminal(message).trim().replaceAll('\n', '\n      ')}`
  return `  ${colour(marks[result])} ${escapeTerminal(task)}${['failed', 'unreachable', 'blocked', 'cancelled'].includes(result) ? ` ${colour(result)}` : what}${place}${time}${said}\n`
}

function summary(event: Extract<Event, { type: 'run.done' }>, style: Paint): string {
  const { results, seconds, accuracy, ok } = event
  const words = (Object.entries(results) as [Result, number][])
    .filter(([, count]) => count > 0)
    .map(([result, count]) => `${count} ${result}`)
  const head = ok ? style.green(style.bold('done')) : style.red(style.bold('not done'))
  const lines = [`${head} in ${duration(seconds)}${words.length === 0 ? '' : `: ${words.join(', ')}`}`]
  if (accuracy && accuracy.all > 0) lines.push(style.dim(`plan accuracy ${accuracy.right}/${accuracy.all}`))
  for (const miss of accuracy?.misses ?? [])
    lines.push(style.dim(`  ${miss.node}: predicted ${miss.predicted}, was ${miss.done}`))
  return `${lines.join('\n')}\n`
}

/** `4.2 s`, `3 min 05 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  const rest = String(Math.floor(seconds % 60)).padStart(2, '0')
  return minutes < 60
    ? `${minutes} min ${rest} s`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
