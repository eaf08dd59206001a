import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Longest that another process may take to build the same thing, in milliseconds. */
const patience = 20 * 60_000

/** Where built things are kept: under the user's cache directory (XDG Base Directory Specification). */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'runner-lab')
}

/**
 * A folder that is built once for each recipe: a changed recipe is built anew, and of two processes that want it at the same time one
 * waits for the other. `build` that throws leaves nothing behind.
 */
export async function cached(name: string, recipe: unknown, build: (folder: string) => Promise<void>): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
  const folder = join(cacheFolder(), `${name}-${digest}`)
  const done = join(folder, '.done')
  const lock = `${folder}.lock`
  mkdirSync(cacheFolder(), { recursive: true })
  while (!existsSync(done)) {
    if (!taken(lock)) {
      await sleep(500)
      continue
    }
    try {
      if (existsSync(done)) break
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      await build(folder)
      writeFileSync(done, '')
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  return folder
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    // left by a process that was killed
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > patience)
      rmSync(lock, { recursive: true, force: true })
    return false
  }
}
