import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheFolder } from './cache.ts'

export interface Background {
  stop(): Promise<void>
}

/** Starts a server that listens on a port of this machine, with a log file of its own, and waits until it answers there. */
export async function startInBackground({
  program,
  words = [],
  env,
  port,
  health,
}: {
  readonly program: string
  readonly words?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly port: number
  /** A path that is answered as soon as it is ready. */
  readonly health: string
}): Promise<Background> {
  const name = basename(program)
  const folder = join(cacheFolder(), 'logs')
  mkdirSync(folder, { recursive: true })
  const log = join(folder, `${name}-${port}.log`)
  const file = openSync(log, 'w')
  const server = spawn(program, [...words], { env: { ...process.env, ...env }, stdio: ['ignore', file, file] })
  closeSync(file)
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  for (let left = 900; left > 0; left--) {
    if (server.exitCode !== null) throw new Error(`${name} ended with ${server.exitCode}; its log is ${log}`)
    const ok = await fetch(`http://127.0.0.1:${port}${health}`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return { stop }
    await sleep(100)
  }
  await stop()
  throw new Error(`${name} does not answer within 90 s; its log is ${log}`)
}
