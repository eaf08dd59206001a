import { userInfo } from 'node:os'
import { execa } from 'execa'
import type { Transport } from './connect-host.ts'
import type { Pipe } from './session.ts'

/** Commands on this machine, in the same way as on others: for `localhost` and `connection: local`. */
export function localTransport(): Transport {
  const running = new Set<{ end(): void }>()
  return {
    alive: true,
    open: () => Promise.resolve(),
    user: () => userInfo().username,
    // the groups are those of this very process
    renew: () => undefined,
    start(command) {
      const child = execa('sh', ['-c', command], {
        detached: true,
        buffer: false,
        encoding: 'buffer',
        reject: false,
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: 'pipe',
        cleanup: true,
      })
      const entry = { end: () => child.stdin.end() }
      running.add(entry)
      const pipe: Pipe = {
        write: (data, gone) => void child.stdin.write(data, () => gone?.()),
        onStdout: (take) => void child.stdout.on('data', take),
        onStderr: (take) => void child.stderr.on('data', take),
        onEnd: (ended) => {
          void child.then((result) => {
            running.delete(entry)
            ended({ ...(result.exitCode !== undefined && { code: result.exitCode }) })
          })
        },
        close: () => child.stdin.end(),
      }
      child.stdin.on('error', () => undefined)
      return Promise.resolve(pipe)
    },
    close: () => {
      for (const entry of running) entry.end()
      return Promise.resolve()
    },
  }
}
