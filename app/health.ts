import process from 'node:process'
import { processEnvironment } from './config.ts'

/** What Docker asks: does the process answer? */
const port = processEnvironment()['PORT'] ?? '5000'
try {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2500) })
  process.exitCode = response.ok ? 0 : 1
} catch {
  process.exitCode = 1
}
