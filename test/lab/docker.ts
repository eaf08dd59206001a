import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, closeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { cacheFolder } from './cache.ts'
import { alone } from './claim.ts'
import { installed } from './packages.ts'

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
  return await installed({ dockerd: 'docker.io', iptables: 'iptables', mmdebstrap: 'mmdebstrap', git: 'git', ...more })
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
  await alone('docker', async () => {
    if (!existsSync(socket) || !(await answers(engine))) await launch(engine, folder)
  })
  return engine
}

async function launch(engine: Engine, folder: string): Promise<void> {
  const log = openSync(join(folder, 'dockerd.log'), 'a')
  const daemon = spawn(
    'dockerd',
    [
      '-H',
      `unix://${engine.socket}`,
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
    if (await answers(engine)) return
    await sleep(500)
  }
  throw new Error(`dockerd does not start; see ${join(folder, 'dockerd.log')}`)
}

/** An image from an archive of a root file system, as the engine knows it; imported once. */
export async function imported(
  engine: Engine,
  archive: string,
  name: string,
  ...changes: readonly string[]
): Promise<string> {
  const image = `${name}:${basename(dirname(archive)).split('-').at(-1)}`
  return await alone(`image ${image}`, async () => {
    if ((await engine.docker('images', '--quiet', image)) === '')
      await engine.docker('import', ...changes.flatMap((change) => ['--change', change]), archive, image)
    return image
  })
}

async function answers({ socket }: Engine): Promise<boolean> {
  return (await execa('docker', ['-H', `unix://${socket}`, 'info'], { reject: false })).exitCode === 0
}
