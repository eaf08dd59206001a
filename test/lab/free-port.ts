import { once } from 'node:events'
import { createServer } from 'node:net'
import { claim } from './claim.ts'

/**
 * A TCP port of this machine for a server that is started next; no other process of the lab is given it while this one runs. It lies
 * below those that the kernel gives to whoever asks for any (ip(7), ip_local_port_range), so no connection takes it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    const release = await claim(`port ${port}`)
    if (!release) continue
    if (await unused(port)) return port
    release()
  }
}

async function unused(port: number): Promise<boolean> {
  const server = createServer().listen(port, '0.0.0.0')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
