import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'
import process from 'node:process'
import Mocha from 'mocha'

/** What happens in a process with tests, told to the one that started it: so it knows what was under way when it dies. */
export type Told =
  | { readonly type: 'begun'; readonly title: string }
  | {
      readonly type: 'done'
      readonly file: string
      readonly title: string
      readonly milliseconds: number
      readonly failed: boolean
    }
  /** A file, with what it does before and after its tests. */
  | { readonly type: 'file'; readonly file: string; readonly milliseconds: number }

/** Tests may go elsewhere. */
const root = process.cwd()

/** Mocha's own account of what failed, and all that happens as JSON lines in the file that `--reporter-option results=` names. */
export default class Reporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const { results } = options.reporterOptions as { readonly results: string }
    const tell = (told: Told): void => appendFileSync(results, `${JSON.stringify(told)}\n`)
    const done = (test: Mocha.Runnable, failed: boolean): void =>
      tell({ type: 'done', file: fileOf(test), title: test.fullTitle(), milliseconds: test.duration ?? 0, failed })
    const begun = new Map<Mocha.Suite, number>()
    runner.on('test', (test) => tell({ type: 'begun', title: test.fullTitle() }))
    runner.on('hook', (hook) => tell({ type: 'begun', title: hook.fullTitle() }))
    runner.on('pass', (test) => done(test, false))
    runner.on('fail', (test) => done(test, true))
    runner.on('suite', (suite) => void begun.set(suite, performance.now()))
    runner.on('suite end', (suite) => {
      if (suite.parent?.root)
        tell({ type: 'file', file: fileOf(suite), milliseconds: performance.now() - (begun.get(suite) ?? 0) })
    })
    runner.once('end', () => this.epilogue())
  }
}

/** That of the outermost suite: what is inside may have been described by a file that several test files share. */
function fileOf(one: Mocha.Runnable | Mocha.Suite): string {
  const outer = one.parent && !one.parent.root ? fileOf(one.parent) : ''
  return outer || (one.file === undefined ? '' : relative(root, one.file))
}
