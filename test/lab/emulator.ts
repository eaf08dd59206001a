import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startInBackground } from './background.ts'
import { makeCourses, type Courses } from './overlay/course.ts'
import { modelsIn, type Models } from './overlay/model/service.ts'
import { freePort } from './free-port.ts'
import { startOverlay, type Overlay } from './overlay/overlay.ts'
import type { Rule } from './overlay/rule.ts'
import { makeRules } from './overlay/rules.ts'
import { virtualEnvironment } from './venv.ts'

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
  return join(await virtualEnvironment('moto', version, `moto[server]==${version}`), 'bin', 'moto_server')
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
  const port = await freePort()
  const server = await startInBackground({
    program: await emulatorProgram(),
    words: ['-H', '127.0.0.1', '-p', String(port)],
    env: {
      // without assertions: one of them fails for launch templates with user data
      PYTHONOPTIMIZE: '1',
      // AWS's own policies are there, and a certificate is validated after a second
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      MOTO_ACM_VALIDATION_WAIT: '1',
    },
    port,
    health: '/moto-api/data.json',
  })
  const overlay = await startOverlay(port, await serviceModels(), rules(courses))
  return {
    ...overlay,
    courses,
    env: environmentFor(overlay.endpoint),
    async empty() {
      await fetch(`http://127.0.0.1:${port}/moto-api/reset`, { method: 'POST' })
      overlay.reset()
      overlay.clear()
    },
    async close() {
      await server.stop()
      await overlay.close()
    },
  }
}

/** For a child process: AWS is there, with keys that every emulator takes. */
export function environmentFor(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
