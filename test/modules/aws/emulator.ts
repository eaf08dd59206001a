import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { emulatorProgram } from '../../lab/emulator.ts'
import { makeAws, type Aws } from '../../../runner/connections/aws.ts'
import type { Cloud } from '../../../runner/connections/cloud.ts'

/** An AWS in memory (moto), empty but for the default VPC, and the runner's own way of talking to it. */
export interface Emulator {
  /** What the engine hands to a module for a task. */
  cloud(task: string): Promise<Cloud>
  calls(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** Starts it without the overlay: what the modules do themselves is looked at here. */
export async function startEmulator(wanted: Readonly<Record<string, readonly string[]>> = {}): Promise<Emulator> {
  const port = await freePort()
  const server = spawn(await emulatorProgram(), ['-H', '127.0.0.1', '-p', String(port)], {
    // without assertions: one of them fails for launch templates with user data
    env: { ...process.env, PYTHONOPTIMIZE: '1' },
    stdio: 'ignore',
  })
  let refused: Error | undefined
  server.on('error', (error) => (refused = error))
  const endpoint = `http://127.0.0.1:${port}`
  for (let left = 300; !(await answers(endpoint)); left--) {
    if (refused || left === 0 || server.exitCode !== null)
      throw new Error('moto_server does not start', { cause: refused })
    await sleep(100)
  }
  const aws = awsAt(wanted)
  return {
    cloud: (name) => aws.cloud({ region: 'eu-central-1', endpoint }, { name, status: () => {} }),
    calls: aws.calls,
    async close() {
      aws.close()
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    },
  }
}

function awsAt(wanted: Readonly<Record<string, readonly string[]>>): Aws {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test'
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test'
  return makeAws({
    playbook: 'bookstore',
    concurrency: 8,
    signal: new AbortController().signal,
    sleep: () => sleep(20),
    clock: () => Date.now(),
    wanted: (module) => wanted[module] ?? [],
  })
}

async function answers(endpoint: string): Promise<boolean> {
  return await fetch(`${endpoint}/moto-api/data.json`).then(
    (answer) => answer.ok,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
