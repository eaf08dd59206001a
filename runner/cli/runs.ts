import { listRuns, readRun, type Run } from '../engine/journal.ts'
import { failure } from '../language/diagnostic.ts'
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
    else terminal.out(runs.length === 0 ? 'no runs in this folder yet\n' : runs.map(line).join(''))
    return 0
  }
  const found = readRun(folder, name)
  if (!found) throw failure('E909', `there is no run ${name}`, { hint: '`runner runs` lists those of this folder' })
  const renderer = await makeRenderer(options.output?.kind ?? 'plain', {
    stdout: process.stdout,
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

function line(found: Run): string {
  const { run, verb, playbook, end, changed, seconds } = brief(found)
  return `${run}  ${verb.padEnd(8)} ${end.padEnd(15)} ${String(changed).padStart(4)} changed ${seconds.toFixed(1).padStart(8)} s  ${playbook}\n`
}
