import process from 'node:process'
import { processEnvironment, readConfig } from './config.ts'
import { start } from './start.ts'

/** Starts the application and ends it gracefully: a load balancer first sees it not ready, then open requests are finished. */
try {
  const running = await start(readConfig(processEnvironment()))
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    // shorter than what Docker waits before it kills
    setTimeout(() => process.exit(1), 35_000).unref()
    // and then there is nothing left that would keep it
    void running.stop()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
