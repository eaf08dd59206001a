import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from './event.ts'

/** The record of a run: JSON lines, appended as things happen, so that it survives any way of ending. Losing it loses nothing but history. */
export interface Journal {
  readonly run: string
  readonly file: string
  write(event: Event): void
}

export interface Run {
  readonly run: string
  readonly file: string
  readonly events: readonly Event[]
}

/** A name that sorts by time: `20261124-130455-k3f9`. The first two of the last four are milliseconds, in base 36. */
export function runName(now: Date, random: () => number): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const base36 = (number: number): string => Math.floor(number).toString(36).padStart(2, '0')
  return `${stamp}-${base36(now.getUTCMilliseconds())}${base36(random() * 36 ** 2)}`
}

export function openJournal(directory: string, run: string): Journal {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, `${run}.jsonl`)
  return { run, file, write: (event) => appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 }) }
}

/** Names of past runs, newest first. */
export function listRuns(directory: string): readonly string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort()
    .toReversed()
}

/** A run as it was recorded; a last line cut off by a crash is left out. */
export function readRun(directory: string, run: string): Run | undefined {
  const file = join(directory, `${run}.jsonl`)
  if (!existsSync(file)) return undefined
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): Event[] => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Event]
      } catch {
        return []
      }
    })
  return { run, file, events }
}

/** Commands that a run has already carried out: node → digest of the arguments, for `--resume`. */
export function finishedIn(run: Run): ReadonlyMap<string, string> {
  return new Map(
    run.events.flatMap((event): [string, string][] =>
      event.type === 'node.done' && event.phase === 'act' && event.result === 'changed' && event.digest !== undefined
        ? [[event.node, event.digest]]
        : [],
    ),
  )
}
