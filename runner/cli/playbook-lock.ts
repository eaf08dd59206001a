import { createHash } from 'node:crypto'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { takeLock, thisHost, type Lock } from '../engine/lock.ts'
import { Locked } from './failures.ts'
import { shown, stateFolders } from './load.ts'
import type { Options } from './options.ts'
import type { Signals } from './verbs.ts'
import { unwritable } from './writable.ts'

/** Takes the lock of a playbook, or waits for it as long as `--lock-wait` says. */
export async function lockPlaybook(playbook: string, run: string, options: Options, signals: Signals): Promise<Lock> {
  const path = resolve(playbook)
  const key = createHash('sha256').update(path).digest('hex').slice(0, 16)
  const file = join(stateFolders().locks, `${basename(path)}-${key}.lock`)
  const holder = { run, pid: process.pid, host: thisHost(), since: new Date().toISOString() }
  const until = Date.now() + options.lockWait * 1000
  for (;;) {
    const taken = inState(() => takeLock(file, holder))
    if (!('heldBy' in taken)) return taken
    const { heldBy } = taken
    if (Date.now() >= until) {
      throw new Locked([
        {
          severity: 'error',
          code: 'E910',
          message: `another run is at work on ${shown(playbook)}: ${heldBy.run}, process ${heldBy.pid} on ${heldBy.host}, since ${heldBy.since}`,
          hint: '--lock-wait SECONDS waits for it; the lock goes by itself when that process ends',
        },
      ])
    }
    await wait(Math.min(500, Math.max(1, until - Date.now())), undefined, { signal: signals.stop })
  }
}

/** Makes what a run needs in the folder of the state. */
export function inState<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    throw unwritable('what a run keeps', dirname(stateFolders().locks), cause, 'XDG_STATE_HOME names another folder')
  }
}
