import { Failure, failure, type Diagnostic } from '../language/diagnostic.ts'
import { LoadFailure } from './failures.ts'
import { load, shown } from './load.ts'
import type { Options } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `runner validate`: every fault of every file, without network. */
export async function run(options: Options, terminal: Terminal): Promise<number> {
  if (options.targets.length === 0) throw failure('E905', 'which playbook?', { hint: 'runner validate PLAYBOOK…' })
  const found: Diagnostic[] = []
  const sources = new Map<string, string>()
  for (const playbook of options.targets) {
    try {
      const loaded = await load(playbook, options)
      found.push(...loaded.warnings)
      for (const [file, text] of loaded.sources) sources.set(file, text)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      found.push(...error.diagnostics)
      if (error instanceof LoadFailure) for (const [file, text] of error.sources) sources.set(file, text)
    }
  }
  const wrong = found.some((diagnostic) => diagnostic.severity === 'error')
  if (terminal.json) terminal.out(`${JSON.stringify(found, null, 2)}\n`)
  else {
    if (found.length > 0) await terminal.diagnostics(found, sources)
    if (!wrong) terminal.out(`${options.targets.map(shown).join(', ')}: valid\n`)
  }
  return wrong ? 4 : 0
}
