import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { cacheFolder } from './cache.ts'

/** A Docker Engine of the lab's own: nothing of it is seen by the machine's. */
export interface Engine {
  docker(...words: readonly string[]): Promise<string>
  /** The same with something on stdin. */
  feed(input: string | Uint8Array, ...words: readonly string[]): Promise<string>
  readonly socket: string
}

/** Why no container can run here, with how to get there; undefined: it can. `more`: programs needed besides, with their packages. */
export async function missingParts(more: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'containers of the lab need root: run this as root'
  const needed = { dockerd: 'docker.io', iptables: 'iptables', mmdebstrap: 'mmdebstrap', git: 'git', ...more }
  const absent: string[] = []
  for (const [program, name] of Object.entries(needed)) {
    const found = await execa('sh', ['-c', `command -v ${program}`], { reject: false })
    if (found.exitCode !== 0) absent.push(name)
  }
  if (absent.length === 0) return undefined
  const apt = await execa('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...absent], {
    reject: false,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (apt.exitCode === 0) return undefined
  await execa('apt-get', ['update', '-q'], { reject: false })
  const again = await execa('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...absent], {
    reject: false,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  })
  return again.exitCode === 0 ? undefined : `the lab needs ${absent.join(', ')}: apt-get install ${absent.join(' ')}`
}

/** Starts the engine, or finds it running. */
export async function startEngine(): Promise<Engine> {
  const folder = join(cacheFolder(), 'docker')
  mkdirSync(folder, { recursive: true })
  const socket = `/run/runner-lab-docker.sock`
  const engine: Engine = {
    socket,
    docker: async (...words) => (await execa('docker', ['-H', `unix://${socket}`, ...words])).stdout,
    feed: async (input, ...words) => (await execa('docker', ['-H', `unix://${socket}`, ...words], { input })).stdout,
  }
  if (existsSync(socket) && (await answers(engine))) return engine
  const log = openSync(join(folder, 'dockerd.log'), 'a')
  const daemon = spawn(
    'dockerd',
    [
      '-H',
      `unix://${socket}`,
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      '/run/runner-lab-docker',
      '--pidfile',
      '/run/runner-lab-docker.pid',
    ],
    { detached: true, stdio: ['ignore', log, log] },
  )
  daemon.unref()
  closeSync(log)
  for (let left = 60; left > 0; left--) {
    if (await answers(engine)) return engine
    await sleep(500)
  }
  throw new Error(`dockerd does not start; see ${join(folder, 'dockerd.log')}`)
}

async function answers({ socket }: Engine): Promise<boolean> {
  return (await execa('docker', ['-H', `unix://${socket}`, 'info'], { reject: false })).exitCode === 0
}
