import { execFileSync, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { claim } from '../lab/claim.ts'
import { installed } from '../lab/packages.ts'

/** A network of its own that is reached only over a long line. */
export interface SlowLink {
  /** The address at its far end. */
  readonly address: string
  /** Words to put before a command that shall run at the far end. */
  readonly within: readonly string[]
  /** Another length of the line. */
  takes(roundTrip: number): void
  close(): void
}

const relay = fileURLToPath(new URL('slow-link.py', import.meta.url))

/**
 * Makes a network namespace, and a line to it on which a round trip takes so many milliseconds. Done by two TUN devices and a relay between
 * them instead of `tc netem`, which many small kernels lack; the delay is that of packets, so that handshakes of TCP have it, too.
 */
export async function openSlowLink(roundTrip: number): Promise<SlowLink> {
  const ip = (...words: readonly string[]): void =>
    void execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const missing = await installed({ ip: 'iproute2' })
  if (missing !== undefined) throw new Error(missing)
  let id = 1
  while (!(await claim(`line ${id}`))) id += 1
  const [space, near, far] = [`rt-slow-${process.pid}`, `rtn${process.pid}`, `rtf${process.pid}`]
  const child = spawn('python3', [relay, near, far, String(roundTrip / 2)], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', (code) => reject(new Error(`the slow link did not start (${code})`)))
  })
  ip('netns', 'add', space)
  ip('link', 'set', far, 'netns', space)
  ip('address', 'add', `10.213.${id}.1`, 'peer', `10.213.${id}.2`, 'dev', near)
  ip('link', 'set', near, 'up')
  const within = ['ip', 'netns', 'exec', space] as const
  ip('-n', space, 'address', 'add', `10.213.${id}.2`, 'peer', `10.213.${id}.1`, 'dev', far)
  ip('-n', space, 'link', 'set', far, 'up')
  ip('-n', space, 'link', 'set', 'lo', 'up')
  return {
    address: `10.213.${id}.2`,
    within,
    takes: (milliseconds) => void child.stdin.write(`${milliseconds / 2}\n`),
    close() {
      child.stdin.end()
      child.kill()
      ip('netns', 'delete', space)
    },
  }
}
