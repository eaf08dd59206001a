import { listRuns, readRun, type Run } from '../engine/journal.ts'
import { failure } from '../language/diagnostic.ts'
import { duration } from '../render/duration.ts'
import { escapeLine, widthOf, wrap } from '../render/escape.ts'
import { laidOut } from '../render/laid-out.ts'
import { makeRenderer } from '../render/renderer.ts'
import { stateFolders } from './load.ts'
import type { Options } from './options.ts'
import type { Terminal } from './terminal.ts'
import process from 'node:process'

/** `runner runs [ID]`: past runs of this folder, or one's report. */
export async function run(options: Options, terminal: Terminal): Promise<number> {
  const { runs: folder } = stateFolders()
  const [name] = options.targets
  if (name === undefined) {
    const runs = listRuns(folder)
      .flatMap((one) => readRun(folder, one) ?? [])
      .toSorted((a, b) => (b.events[0]?.t ?? 0) - (a.events[0]?.t ?? 0))
    if (terminal.json) terminal.out(`${JSON.stringify(runs.map(brief), null, 2)}\n`)
    else
      terminal.out(
        runs.length === 0
          ? 'no runs in this folder yet\n'
          : table(runs, terminal.tty ? terminal.width : Number.POSITIVE_INFINITY),
      )
    return 0
  }
  const found = readRun(folder, name)
  if (!found) throw failure('E909', `there is no run ${name}`, { hint: '`runner runs` lists those of this folder' })
  const renderer = await makeRenderer(options.output?.kind ?? 'plain', {
    // a terminal would break words
    stdout: terminal.tty ? { write: (text) => process.stdout.write(laidOut(text, terminal.width)) } : process.stdout,
    width: () => terminal.width,
    colour: terminal.colour,
    verbose: options.verbose,
    diff: options.diff,
    ...(options.output?.file !== undefined && { file: options.output.file }),
  })
  for (const event of found.events) renderer.event(event)
  await renderer.close()
  return 0
}

interface Brief {
  readonly run: string
  readonly verb: string
  readonly playbook: string
  readonly end: string
  readonly changed: number
  readonly seconds: number
}

function brief({ run, events }: Run): Brief {
  const start = events[0]
  const end = events.at(-1)
  const seconds = start && end ? (end.t - start.t) / 1000 : 0
  return {
    run,
    verb: start?.type === 'run.start' ? start.verb : '?',
    playbook: start?.type === 'run.start' ? start.playbook : '?',
    end: end?.type === 'run.done' ? (end.ok ? 'done' : `exit code ${end.exit}`) : 'did not finish',
    changed: events.filter((event) => event.type === 'node.done' && event.result === 'changed').length,
    seconds,
  }
}

/** A line for each run, in columns that are as wide as what stands in them. */
function table(runs: readonly Run[], width: number): string {
  const rows = runs
    .map(brief)
    .map(({ run, verb, playbook, end, changed, seconds }) => [
      run,
      verb,
      end,
      `${changed} changed`,
      duration(seconds),
      escapeLine(playbook),
    ])
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const cell = (text: string, column: number): string =>
    column === 3 || column === 4 ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)
  const lines = rows.map((row) => row.map(cell).join('  '))
  if (lines.every((line) => widthOf(line) <= width)) return lines.map((line) => `${line}\n`).join('')
  // where columns have no room, a run is a paragraph
  return rows
    .map(([run = '', ...rest]) =>
      [run, ...wrap(rest.join(', '), width - 2).map((line) => `  ${line}`)].map((line) => `${line}\n`).join(''),
    )
    .join('')
}
