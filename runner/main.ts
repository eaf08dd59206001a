import process from 'node:process'
import { topic } from './cli/help.ts'

/**
 * argv → verb → exit code. The only place that handles signals and ends the process: the first Ctrl-C lets what is under way
 * come to an end, the second cuts it.
 */
const argv = process.argv.slice(2)
const help = topic(argv)
// a reader that went away (`| head`) must not end an apply half-way: what it would have read is dropped
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)
if (help !== undefined) {
  process.stdout.write(help.text)
  process.exitCode = help.exit
} else {
  const stop = new AbortController()
  const cut = new AbortController()
  const interrupted = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      // of a terminal that goes away one may be told twice: by the kernel, and by the shell
      if (signal === 'SIGHUP') return
      cut.abort(new Error(`stopped by ${signal}`))
      setTimeout(() => process.exit(130), 1000).unref()
      return
    }
    process.stderr.write('\nstopping: what is under way is brought to an end; press Ctrl-C again to cut it\n')
    stop.abort(new Error(`interrupted by ${signal}`))
  }
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  process.on('SIGHUP', interrupted)
  const { runVerb } = await import('./cli/verbs.ts')
  const exit = await runVerb(argv, { stop: stop.signal, cut: cut.signal })
  process.off('SIGINT', interrupted)
  process.off('SIGTERM', interrupted)
  process.off('SIGHUP', interrupted)
  // connections are closed by now; a timer of a library must not keep the process
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit(exit)
}
