import { Failure, type Diagnostic } from '../language/diagnostic.ts'
import { LoadFailure, Locked } from './failures.ts'
import { parseOptions, type Options, type Verb } from './options.ts'
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
  try {
    const options = parseOptions(argv)
    terminal = makeTerminal(options)
    const { run } = await load[options.verb]()
    return await run(options, terminal, signals)
  } catch (error) {
    terminal ??= makeTerminal({ noColor: argv.includes('--no-color') })
    if (signals.stop.aborted) return 130
    const sources = error instanceof LoadFailure ? error.sources : undefined
    await terminal.diagnostics(error instanceof Failure ? error.diagnostics : [bug(error)], sources)
    if (!(error instanceof Failure) && argv.some((word) => word === '-v' || word === '--verbose'))
      terminal.error(`${(error as Error).stack ?? ''}\n`)
    if (error instanceof Locked) return error.exit
    return error instanceof Failure ? 4 : 1
  }
}

function bug(error: unknown): Diagnostic {
  return {
    severity: 'error',
    code: 'E999',
    message: error instanceof Error ? error.message : String(error),
    hint: 'this is not a fault of your input that the runner knows; -v shows where it happened',
  }
}
