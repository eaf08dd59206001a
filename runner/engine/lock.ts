import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'

export interface Holder {
  readonly run: string
  readonly pid: number
  readonly host: string
  /** ISO time. */
  readonly since: string
}

export interface Lock {
  release(): void
}

/** Seconds after which a lock that nobody refreshes counts as left behind. */
const expires = 90

/**
 * Takes the lock of a playbook, or says who has it. A lock heals itself: that of a process that is gone, or that was not
 * refreshed for 90 s, is taken over. The file appears with its content at once (link(2)), so nobody reads half of one.
 */
export function takeLock(file: string, holder: Holder): Lock | { readonly heldBy: Holder } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const own = `${file}.${holder.pid}`
  writeFileSync(own, JSON.stringify(holder), { mode: 0o600 })
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(own, file)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const heldBy = readHolder(file)
        if (heldBy && (isAlive(file, heldBy) || attempt > 3)) return { heldBy }
        rmSync(file, { force: true })
      }
    }
  } finally {
    rmSync(own, { force: true })
  }
  const refresh = setInterval(() => touch(file), (expires / 3) * 1000)
  refresh.unref()
  return {
    release() {
      clearInterval(refresh)
      if (readHolder(file)?.run === holder.run) rmSync(file, { force: true })
    },
  }
}

export function thisHost(): string {
  return hostname()
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function isAlive(file: string, holder: Holder): boolean {
  if (holder.host !== hostname()) return Date.now() - statSync(file).mtimeMs < expires * 1000
  try {
    process.kill(holder.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function touch(file: string): void {
  try {
    const now = new Date()
    utimesSync(file, now, now)
  } catch {
    // taken away by hand: the run goes on, and release finds nothing to remove
  }
}
