import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { alone } from './claim.ts'

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
  if (existsSync(done)) return folder
  return await alone(`${name}-${digest}`, async () => {
    if (existsSync(done)) return folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    try {
      await build(folder)
      writeFileSync(done, '')
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
    return folder
  })
}
