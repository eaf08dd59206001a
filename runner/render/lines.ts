import type { Event, Result } from '../engine/event.ts'
import type { Leftover } from '../plan/leftover.ts'
import { duration } from './duration.ts'
import { escapeLine, escapeTerminal, paint, type Paint } from './escape.ts'
import { renderPlan } from './plan.ts'
import { messageLines, onHost, summary, wentWrong, type NodeDone } from './summary.ts'

export { duration } from './duration.ts'

export interface LineOptions {
  /** Columns, asked anew for each event. */
  readonly width: () => number
  readonly colour: boolean
  readonly verbose: boolean
  readonly diff: boolean
  /** True: an event is never more than one line, but for the plan and the summary. */
  readonly single: boolean
}

/** A task that usually takes longer says so when it starts, where nothing else shows that it goes on; in seconds. */
export const long = 60

/** Tells a run: turns each event into the text that stays; empty for those that only matter while they happen. */
export function narrator(options: LineOptions): (event: Event) => string {
  const style = paint(options.colour)
  const names = new Map<string, string>()
  /** Of what was announced the end is told, too, though it be no news. */
  const announced = new Set<string>()
  const rests = new Map<string, string>()
  const failed = new Map<string, NodeDone>()
  /** What went wrong here is shown with its place when the run is over. */
  const explained = new Set<string>()
  const nameOf = (node: string): string => names.get(node) ?? escapeLine(node)

  const output = (node: string, text: string): string =>
    text
      .split('\n')
      .map((line) => `  ${style.dim(`${nameOf(node)} │ ${escapeTerminal(line)}`)}\n`)
      .join('')
  const outputRest = (node: string): string => {
    const rest = (['stdout', 'stderr'] as const).map((stream) => {
      const text = rests.get(`${stream} ${node}`) ?? ''
      rests.delete(`${stream} ${node}`)
      return text === '' ? '' : output(node, text)
    })
    return rest.join('')
  }

  return (event) => {
    switch (event.type) {
      case 'run.start':
        return event.resumed === undefined ? '' : `${style.dim(`goes on with ${escapeLine(event.resumed)}`)}\n`
      case 'notice':
        return `${style.dim(escapeLine(event.where === undefined ? event.text : `${event.where}: ${event.text}`))}\n`
      case 'plan':
        return `${renderPlan(event.plan, { ...options, width: options.width() })}\n`
      case 'sweep':
        return sweepLines(event.left, style)
      case 'play.start':
        return `${style.bold(escapeLine(event.name))}${event.hosts.length === 0 ? style.dim(' (no hosts)') : ''}\n`
      case 'node.start':
        names.set(event.node, `${escapeLine(event.task)}${onHost(event.where)}`)
        if (options.single && (event.usual ?? 0) >= long) announced.add(event.node)
        return ''
      case 'node.slow': {
        const said = event.last === undefined ? '' : `; last: ${escapeLine(event.last)}`
        const long = `takes longer than usual: ${duration(event.seconds)} so far, usually ${duration(event.usual)}`
        return `  ${style.yellow('⚠')} ${nameOf(event.node)} ${long}${said}\n`
      }
      case 'node.retry':
        return `  ${style.yellow('↻')} ${nameOf(event.node)}: try ${event.attempt} of ${event.of}: ${escapeLine(event.why)}\n`
      case 'node.output': {
        if (!options.verbose) return ''
        // what arrives ends anywhere; only whole lines are told
        const key = `${event.stream} ${event.node}`
        const text = `${rests.get(key) ?? ''}${event.text}`
        const end = text.lastIndexOf('\n')
        rests.set(key, text.slice(end + 1))
        return end < 0 ? '' : output(event.node, text.slice(0, end))
      }
      case 'diagnostic':
        if (event.node !== undefined) explained.add(event.node)
        return ''
      case 'node.done':
        if (wentWrong(event) && !explained.has(event.node)) failed.set(event.node, event)
        return outputRest(event.node) + doneLine(event, { ...options, told: announced.has(event.node) }, style)
      case 'run.done':
        return summary(event, [...failed.values()], style, options.verbose)
      default:
        return ''
    }
  }
}

/** What is left, who holds it, and what mends it. */
function sweepLines(left: readonly Leftover[], style: Paint): string {
  const bad = left.filter((one) => !one.kept)
  const told = left.map(({ kind, id, why, command, kept }) => {
    const mark = kept ? style.dim('·') : style.red('✗')
    return `  ${mark} ${escapeLine(`${kind} ${id}`)}: ${escapeLine(why)}\n      ${style.cyan(escapeLine(command))}\n`
  })
  const head =
    bad.length === 0
      ? style.green(`Nothing is left${left.length > 0 ? ' but what is kept on purpose:' : ' in AWS.'}`)
      : style.red(`${bad.length} ${bad.length === 1 ? 'thing is' : 'things are'} left, and may cost money:`)
  return `${head}\n${told.join('')}`
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

function doneLine(event: NodeDone, options: LineOptions & { readonly told: boolean }, style: Paint): string {
  const { verbose, single, told } = options
  const { result, phase, task, where, seconds, message } = event
  // an unchanged thing, or one that was ready at once, is no news
  const news = result === 'ok' ? (phase !== 'act' && seconds >= 1) || message !== undefined : result !== 'skipped'
  if (!verbose && !news && !told) return ''
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
  const done = { act: '', ready: ' ready', destroy: ' deleted' }[phase]
  const what = result === 'ok' || result === 'changed' ? done : ` ${colour(result)}`
  const time = seconds >= 0.1 ? style.dim(` ${duration(seconds)}`) : ''
  const head = `  ${colour(marks[result])} ${escapeLine(task)}${what}${style.dim(onHost(where))}${time}`
  if (message === undefined || message.trim() === '') return `${head}\n`
  if (single) return `${head}: ${escapeLine(message.trim())}\n`
  return `${[head, ...messageLines(message, verbose).map((line) => `      ${line}`)].join('\n')}\n`
}
