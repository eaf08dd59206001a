import type { Event } from '../engine/event.ts'
import { Failure, type Diagnostic } from '../language/diagnostic.ts'
import { LoadFailure, Locked } from './failures.ts'
import { parseOptions, verbs, type Options, type Verb } from './options.ts'
import { makeTerminal, type Terminal } from './terminal.ts'

export interface Signals {
  /** Aborted by the first Ctrl-C. */
  readonly stop: AbortSignal
  /** Aborted by the second. */
  readonly cut: AbortSignal
}

/** A verb: does its work and returns the exit code. */
export type Run = (options: Options, terminal: Terminal, signals: Signals) => Promise<number>

const load: Readonly<Record<Verb, () => Promise<{ run: Run }>>> = {
  validate: () => import('./validate.ts'),
  plan: () => import('./plan.ts'),
  apply: () => import('./apply.ts'),
  destroy: () => import('./destroy.ts'),
  graph: () => import('./graph.ts'),
  modules: () => import('./modules.ts'),
  runs: () => import('./runs.ts'),
}

/** Runs the verb that the words name. Faults of the input become diagnostics and exit code 4, never a stack trace. */
export async function runVerb(argv: readonly string[], signals: Signals): Promise<number> {
  let terminal: Terminal | undefined
  let verb: Verb | undefined
  try {
    const options = parseOptions(argv)
    terminal = makeTerminal(options)
    verb = options.verb
    const { run } = await load[options.verb]()
    return await run(options, terminal, signals)
  } catch (error) {
    // what is wrong may be the options themselves
    terminal ??= makeTerminal({
      noColor: argv.includes('--no-color'),
      ...(wantsJson(argv) && { output: { kind: 'json' } }),
    })
    verb ??= verbs.find((one) => one === argv[0])
    if (signals.stop.aborted) return 130
    const sources = error instanceof LoadFailure ? error.sources : undefined
    const diagnostics = error instanceof Failure ? error.diagnostics : [bug(error)]
    const exit = error instanceof Locked ? error.exit : error instanceof Failure ? 4 : 1
    await terminal.diagnostics(diagnostics, sources)
    if (terminal.json) terminal.out(asJson(verb, diagnostics, exit))
    if (!(error instanceof Failure) && argv.some((word) => word === '-v' || word === '--verbose'))
      terminal.error(`${(error as Error).stack ?? ''}\n`)
    return exit
  }
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) =>
      ['-ojson', '--output=json'].includes(word) || (['-o', '--output'].includes(word) && argv[index + 1] === 'json'),
  )
}

/** What a program reads instead: one document, or for what runs long lines of events that end as every run does. */
function asJson(verb: Verb | undefined, diagnostics: readonly Diagnostic[], exit: number): string {
  if (verb !== 'apply' && verb !== 'destroy') return `${JSON.stringify(diagnostics, null, 2)}\n`
  const t = Date.now()
  const results = { ok: 0, changed: 0, failed: 0, ignored: 0, skipped: 0, unreachable: 0, blocked: 0, cancelled: 0 }
  const events: readonly Event[] = [
    ...diagnostics.map((diagnostic): Event => ({ t, type: 'diagnostic', diagnostic })),
    { t, type: 'run.done', ok: false, exit, seconds: 0, results },
  ]
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

function bug(error: unknown): Diagnostic {
  return {
    severity: 'error',
    code: 'E999',
    message: error instanceof Error ? error.message : String(error),
    hint: 'this is not a fault of your input that the runner knows; -v shows where it happened',
  }
}
