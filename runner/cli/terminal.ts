import process from 'node:process'
import type { Diagnostic } from '../language/diagnostic.ts'
import { makeMask, type Mask } from '../mask.ts'
import { environment } from './load.ts'
import type { Options } from './options.ts'

/** Where output goes, and what it can show. */
export interface Terminal {
  readonly tty: boolean
  /** Columns. */
  readonly width: number
  readonly colour: boolean
  readonly json: boolean
  /** Takes secrets out of all that is written here; who finds one lets it learn it. */
  readonly mask: Mask
  out(text: string): void
  error(text: string): void
  /** Remembers the lines of the files, so that what is found later is shown with them, too. */
  knows(sources: ReadonlyMap<string, string>): void
  /** Shows diagnostics as frames on stderr, where they are in nobody's way. `sources` gives the lines of the files. */
  diagnostics(list: readonly Diagnostic[], sources?: ReadonlyMap<string, string>): Promise<void>
  /** Asks a question on the terminal; undefined when there is none to ask. */
  ask(question: string, hidden?: boolean): Promise<string | undefined>
}

export function makeTerminal(options: Pick<Options, 'noColor'> & Partial<Options>): Terminal {
  const env = environment()
  const tty = process.stdout.isTTY === true
  const json = options.output?.kind === 'json'
  const colour = tty && !options.noColor && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  const width = process.stdout.columns ?? (Number(env['COLUMNS'] ?? 0) || 100)
  const mask = makeMask()
  let known: ReadonlyMap<string, string> = new Map()
  return {
    mask,
    tty: tty && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '',
    width,
    colour,
    json,
    out: (text) => void process.stdout.write(mask.text(text)),
    error: (text) => void process.stderr.write(mask.text(text)),
    knows: (sources) => void (known = sources),
    async diagnostics(list, sources = known) {
      const { renderDiagnostics } = await import('../render/diagnostic.ts')
      const masked = mask.deep(list)
      process.stderr.write(
        renderDiagnostics(masked, { sources, width, colour: colour && process.stderr.isTTY === true }),
      )
    },
    async ask(question, hidden = false) {
      const { wrap } = await import('../render/escape.ts')
      // the space at its end is where the answer begins
      return await ask(`${wrap(question.trimEnd(), Math.max(10, width - 1)).join('\n')} `, hidden)
    },
  }
}

async function ask(question: string, hidden: boolean): Promise<string | undefined> {
  if (process.stdin.isTTY !== true) return undefined
  const { createInterface } = await import('node:readline/promises')
  const { Writable } = await import('node:stream')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true })
  try {
    if (hidden) process.stderr.write(question)
    return await new Promise<string | undefined>((resolve) => {
      lines.once('SIGINT', () => resolve(undefined))
      lines.once('close', () => resolve(undefined))
      void lines.question(hidden ? '' : question).then(resolve, () => resolve(undefined))
    })
  } finally {
    lines.close()
    if (hidden) process.stderr.write('\n')
  }
}
