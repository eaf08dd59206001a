import type { Event, Result } from '../engine/event.ts'
import { escapeLine, escapeTerminal, type Paint } from './escape.ts'
import { duration } from './duration.ts'

export type NodeDone = Extract<Event, { type: 'node.done' }>
export type RunDone = Extract<Event, { type: 'run.done' }>

/** Longer messages are cut in the middle: the first lines say what it was, the last ones why. */
const mostLines = 20

/** Whether a task must be said again at the end. */
export function wentWrong({ result }: Pick<NodeDone, 'result'>): boolean {
  return result === 'failed' || result === 'unreachable'
}

/** ` on web1`; nothing for what is in the cloud. */
export function onHost(where: string): string {
  return where === 'aws' ? '' : ` on ${escapeLine(where)}`
}

/** How a run ended: what failed, with its messages; how many of each result; whether the plan was right. */
export function summary(event: RunDone, failed: readonly NodeDone[], style: Paint, verbose: boolean): string {
  const { ok, seconds, accuracy, apiCalls, traffic } = event
  const lines: string[] = []
  if (failed.length > 0) lines.push('', style.bold('What went wrong:'))
  for (const { task, where, result, message } of failed) {
    lines.push(
      `  ${style.red(`✗ ${escapeLine(task)}`)}${style.dim(onHost(where))}${result === 'failed' ? '' : ` ${result}`}`,
    )
    if (message !== undefined) lines.push(...messageLines(message, verbose).map((text) => `      ${text}`))
  }
  const head = ok ? style.green(style.bold('done')) : style.red(style.bold('not done'))
  const words = resultWords(event)
  lines.push(`${head} in ${duration(seconds)}${words === '' ? '' : `: ${words}`}`)
  if (accuracy && accuracy.all > 0) lines.push(style.dim(`plan accuracy ${accuracy.right}/${accuracy.all}`))
  for (const { node, predicted, done } of accuracy?.misses ?? [])
    lines.push(style.dim(`  ${escapeLine(node)}: predicted ${predicted}, was ${done}`))
  if (verbose && apiCalls && Object.keys(apiCalls).length > 0) lines.push(style.dim(callWords(apiCalls)))
  if (verbose)
    for (const [host, { exchanges, sent, received }] of Object.entries(traffic ?? {}))
      lines.push(
        style.dim(`${escapeLine(host)}: ${exchanges} round trips, ${size(sent)} sent, ${size(received)} received`),
      )
  return `${lines.join('\n')}\n`
}

function size(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1e6
      ? `${(bytes / 1000).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`
}

/** `2 changed, 1 failed` */
export function resultWords({ results }: RunDone): string {
  return (Object.entries(results) as [Result, number][])
    .filter(([, count]) => count > 0)
    .map(([result, count]) => `${count} ${result}`)
    .join(', ')
}

function callWords(calls: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(calls).sort(([, a], [, b]) => b - a)
  return `calls of AWS: ${sorted.map(([name, count]) => `${escapeLine(name)} ${count}`).join(', ')}`
}

/** The lines of a message, made harmless; those in the middle of a long one only counted. */
export function messageLines(message: string, whole: boolean): readonly string[] {
  const lines = escapeTerminal(message).trim().split('\n')
  if (whole || lines.length <= mostLines) return lines
  const half = mostLines / 2
  return [...lines.slice(0, half), `⋯ ${lines.length - mostLines} more lines (-v)`, ...lines.slice(-half)]
}
