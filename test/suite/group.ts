import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'

/** How a program ended. */
export interface Ended {
  readonly exit: number | NodeJS.Signals
  readonly timedOut: boolean
}

const running = new Set<number>()

/**
 * Runs a program in a process group of its own and writes what it says to a file. When it has ended, or its time is over, the whole group
 * is: of what it started nothing is left. It is its end that counts, not that of its output, which a program it left behind may hold open.
 */
export async function runGroup(words: readonly string[], output: string, milliseconds: number): Promise<Ended> {
  const [program = '', ...rest] = words
  const file = openSync(output, 'w')
  const child = spawn(program, rest, { detached: true, stdio: ['ignore', file, file] })
  closeSync(file)
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const { pid } = child
  if (pid === undefined) {
    await exited
    throw new Error(`${program} cannot be started`)
  }
  running.add(pid)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    void killGroup(pid)
  }, milliseconds)
  const [code, signal] = await exited
  clearTimeout(timer)
  signalTo(pid, 'SIGKILL')
  running.delete(pid)
  return { exit: code ?? signal ?? 1, timedOut }
}

/** Ends all that run, with what they started. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map(killGroup))
}

/** First asks, so that tests put away what they made. */
async function killGroup(pid: number): Promise<void> {
  signalTo(pid, 'SIGTERM')
  for (let left = 50; left > 0 && running.has(pid); left--) await wait(200)
  signalTo(pid, 'SIGKILL')
}

function signalTo(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
