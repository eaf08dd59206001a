import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Longest that another process may take for the same thing, in milliseconds. */
const patience = 30 * 60_000

/**
 * Claims a name for this process among all on the machine; undefined: another has it. It is a Unix socket in the abstract namespace
 * (unix(7)): the kernel lets go of it when its process ends, however that ends.
 */
export async function claim(name: string): Promise<(() => void) | undefined> {
  const server = createServer().listen(`\0runner-lab:${name}`)
  server.unref()
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
  return () => void server.close()
}

/** Does what only one process may do at a time; the others wait. */
export async function alone<T>(name: string, action: () => Promise<T>): Promise<T> {
  const end = Date.now() + patience
  let release = await claim(name)
  while (!release) {
    if (Date.now() > end) throw new Error(`another process has not come to an end with ${name} within 30 min`)
    await sleep(200)
    release = await claim(name)
  }
  try {
    return await action()
  } finally {
    release()
  }
}
