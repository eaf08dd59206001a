import { startEmulator } from './emulator.ts'

/** Starts the AWS emulator and says how to use it, until Ctrl-C: `node test/lab/start.ts`. */
const emulator = await startEmulator()
for (const [name, value] of Object.entries(emulator.env)) process.stdout.write(`export ${name}=${value}\n`)
process.once('SIGINT', () => void emulator.close())
process.once('SIGTERM', () => void emulator.close())
