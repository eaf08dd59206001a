import { setTimeout as sleep } from 'node:timers/promises'
import { makeAws, type Aws } from '../../../runner/connections/aws.ts'
import type { Cloud } from '../../../runner/connections/cloud.ts'
import { startEmulator as startLab } from '../../lab/emulator.ts'
import type { Rule } from '../../lab/overlay/rule.ts'

/** An AWS in memory (moto), empty but for the default VPC, and the runner's own way of talking to it. */
export interface Emulator {
  /** What the engine hands to a module for a task. */
  cloud(task: string): Promise<Cloud>
  calls(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** Starts it with just these rules of the lab: what the modules do themselves is looked at here. Requests are checked all the same. */
export async function startEmulator(
  wanted: Readonly<Record<string, readonly string[]>> = {},
  rules: readonly Rule[] = [],
  region = 'eu-central-1',
): Promise<Emulator> {
  const lab = await startLab({ rules: () => rules })
  const aws = awsAt(wanted)
  return {
    cloud: (name) => aws.cloud({ region, endpoint: lab.endpoint }, { name, status: () => undefined }),
    calls: aws.calls,
    async close() {
      aws.close()
      await lab.close()
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
