import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, globSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { cached, cacheFolder } from './cache.ts'
import { makeCourses, type Courses } from './overlay/course.ts'
import { modelsIn, type Models } from './overlay/model/service.ts'
import { freePort } from './free-port.ts'
import { startOverlay, type Overlay } from './overlay/overlay.ts'
import type { Rule } from './overlay/rule.ts'
import { makeRules } from './overlay/rules.ts'

export const version = '5.2.4'

export interface Emulator extends Overlay {
  /** For a child process: where AWS is, and keys that the emulator takes. */
  readonly env: Readonly<Record<string, string>>
  /** How long things take to come and to go; at first no time at all. */
  readonly courses: Courses
  /** Forgets all objects. */
  empty(): Promise<void>
}

/** The emulator's program, in a virtual environment of its own that is made once. */
export async function emulatorProgram(): Promise<string> {
  const folder = await cached('moto', { version }, async (target) => {
    const venv = await execa('python3', ['-m', 'venv', target], { reject: false })
    if (venv.exitCode !== 0)
      throw new Error(`the AWS emulator needs python3 with venv (Debian: apt-get install python3-venv): ${venv.stderr}`)
    await execa(join(target, 'bin', 'pip'), ['install', '--quiet', `moto[server]==${version}`])
  })
  return join(folder, 'bin', 'moto_server')
}

let models: Models | undefined

/** AWS's own models of its services: botocore's, which the emulator brings along. */
export async function serviceModels(): Promise<Models> {
  if (models) return models
  const venv = dirname(dirname(await emulatorProgram()))
  const [data] = globSync(join(venv, 'lib', 'python3*', 'site-packages', 'botocore', 'data'))
  if (data === undefined) throw new Error(`botocore is not in ${venv}`)
  models = modelsIn(data)
  return models
}

/** Starts moto in a virtual environment of its own, with the overlay before it. */
export async function startEmulator({
  rules = makeRules,
  now = Date.now,
}: {
  readonly rules?: (courses: Courses) => readonly Rule[]
  /** The emulated AWS's clock, in milliseconds. */
  readonly now?: () => number
} = {}): Promise<Emulator> {
  const courses = makeCourses(now)
  const program = await emulatorProgram()
  const port = await freePort()
  const log = join(cacheFolder(), 'logs')
  mkdirSync(log, { recursive: true })
  const file = openSync(join(log, `moto-${port}.log`), 'w')
  const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    env: {
      ...process.env,
      // without assertions: one of them fails for launch templates with user data
      PYTHONOPTIMIZE: '1',
      // AWS's own policies are there, and a certificate is validated after a second
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      MOTO_ACM_VALIDATION_WAIT: '1',
    },
    stdio: ['ignore', file, file],
  })
  closeSync(file)
  await answering(`http://127.0.0.1:${port}/moto-api/data.json`, server)
  const overlay = await startOverlay(port, await serviceModels(), rules(courses))
  const { endpoint } = overlay
  return {
    ...overlay,
    courses,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async empty() {
      await fetch(`http://127.0.0.1:${port}/moto-api/reset`, { method: 'POST' })
      overlay.reset()
      overlay.clear()
    },
    async close() {
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
      await overlay.close()
    },
  }
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (server.exitCode !== null)
      throw new Error(`moto_server ended with ${server.exitCode}; its log is in ${join(cacheFolder(), 'logs')}`)
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await sleep(100)
  }
  throw new Error('moto_server does not answer within 30 s')
}
