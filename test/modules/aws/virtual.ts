import { setImmediate as tick } from 'node:timers/promises'
import { makeAws, type Aws } from '../../../runner/connections/aws.ts'
import type { Cloud } from '../../../runner/connections/cloud.ts'
import { Failure } from '../../../runner/language/diagnostic.ts'
import type { CloudModule, Found } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { startEmulator, type Emulator as Lab } from '../../lab/emulator.ts'

/** The emulator with the lab's rules, and a clock that only waiting moves: an hour of waiting takes no time, and exactly an hour. */
export interface Virtual {
  readonly lab: Lab
  /** What the engine hands to a module for a task; what it says while it waits is in `said`. */
  cloud(task?: string): Promise<Cloud>
  readonly said: string[]
  /** What the engine does with a task whose object is not there; `begin` is called when it is accepted. */
  make(module: CloudModule, want: Values, begin?: () => void): Promise<Found>
  /** Seconds since the start. */
  seconds(): number
  /** Lets time go by. */
  pass(seconds: number): void
  /** Ends all waits. */
  stop(): void
  /** After a stop: another run in the same account. */
  again(): void
  /** Another account, as it were, with nothing in it. */
  fresh(): Promise<void>
  close(): Promise<void>
}

export async function startVirtual(): Promise<Virtual> {
  let time = 0
  let since = 0
  const lab = await startEmulator({ now: () => time })
  const said: string[] = []
  let stop = new AbortController()
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test'
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test'
  const start = (signal: AbortSignal): Aws =>
    makeAws({
      playbook: 'bookstore',
      concurrency: 8,
      signal,
      sleep: async (milliseconds, ending) => {
        time += milliseconds
        await tick()
        ending.throwIfAborted()
      },
      clock: () => time,
      wanted: () => [],
    })
  let aws = start(stop.signal)
  const cloud = (name = 'Task'): Promise<Cloud> =>
    aws.cloud(
      { region: 'us-east-1', endpoint: lab.endpoint },
      { name, status: (text) => void (text === said.at(-1) || said.push(text)) },
    )
  const again = (): void => {
    aws.close()
    stop = new AbortController()
    aws = start(stop.signal)
    said.splice(0)
    since = time
  }
  return {
    cloud,
    async make(module, want, begin) {
      const here = await cloud()
      await module.apply(module.diff(want, undefined), want, undefined, here)
      const have = (await module.read(want, here)) as Found
      begin?.()
      return await module.ready(want, have, here)
    },
    lab,
    said,
    pass: (seconds) => void (time += seconds * 1000),
    stop: () => stop.abort(new Error('interrupted')),
    seconds: () => (time - since) / 1000,
    again,
    async fresh() {
      again()
      await lab.empty()
      lab.courses.clear()
    },
    async close() {
      aws.close()
      await lab.close()
    },
  }
}

/** What a wait ends with, in words. */
export async function fault(doing: Promise<unknown>): Promise<string> {
  return await doing.then(
    () => 'nothing failed',
    (error: unknown) =>
      error instanceof Failure
        ? `${error.diagnostics[0]?.code} ${error.diagnostics[0]?.message}`
        : `${(error as Error).name}: ${(error as Error).message}`,
  )
}
