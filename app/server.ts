import process from 'node:process'
import { makeApp } from './app.ts'
import { readConfig } from './config.ts'

/** Starts the application and ends it gracefully: a load balancer first sees it not ready, then open requests are finished. */
const state = { stopping: false }
try {
  const config = readConfig(process.env)
  const server = makeApp(config, state).listen(config.port, () =>
    console.log(JSON.stringify({ message: 'listening', port: config.port })),
  )
  const stop = (): void => {
    state.stopping = true
    server.close(() => process.exit(0))
    setTimeout(() => process.exit(1), 10_000).unref()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
