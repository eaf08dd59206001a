import { missingParts } from './docker.ts'
import { startEmulator } from './emulator.ts'
import { startHost } from './host.ts'

/** Starts the lab and says how to use it, until Ctrl-C: `node test/lab/start.ts`. */
const missing = await missingParts()
if (missing !== undefined) process.stderr.write(`without a host: ${missing}\n`)
const [emulator, host] = await Promise.all([
  startEmulator(),
  missing === undefined ? startHost({ withImages: true }) : undefined,
])
for (const [name, value] of Object.entries(emulator.env)) process.stdout.write(`export ${name}=${value}\n`)
if (host) process.stdout.write(`export SSH_CONFIG=${host.sshConfig}\n`)
const stop = async (): Promise<void> => {
  await Promise.all([emulator.close(), host?.close()])
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
