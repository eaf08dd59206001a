import { join } from 'node:path'
import { startInBackground } from './background.ts'
import { environmentFor, serviceModels } from './emulator.ts'
import { freePort } from './free-port.ts'
import { ministackRules } from './overlay/ministack.ts'
import { startOverlay, type Overlay } from './overlay/overlay.ts'
import { virtualEnvironment } from './venv.ts'

export const secondVersion = '1.5.33'

export interface SecondEmulator extends Overlay {
  readonly env: Readonly<Record<string, string>>
  empty(): Promise<void>
}

/** The folder of its program, made once. */
export async function secondEmulator(): Promise<string> {
  return await virtualEnvironment('ministack', secondVersion, `ministack==${secondVersion}`)
}

/**
 * Starts ministack, which shares no code with moto. The overlay before it counts calls and checks them against AWS's models; of its rules there
 * are only those that reword what ministack does not understand. So what passes here does not rest on what the others believe of AWS.
 */
export async function startSecondEmulator(): Promise<SecondEmulator> {
  const folder = await secondEmulator()
  const port = await freePort()
  const server = await startInBackground({
    program: join(folder, 'bin', 'ministack'),
    env: {
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      // no containers behind its objects: they are records only
      DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    },
    port,
    health: '/_ministack/ready',
  })
  const overlay = await startOverlay(port, await serviceModels(), ministackRules())
  return {
    ...overlay,
    env: environmentFor(overlay.endpoint),
    async empty() {
      await fetch(`http://127.0.0.1:${port}/_ministack/reset`, { method: 'POST' })
      overlay.reset()
      overlay.clear()
    },
    async close() {
      await server.stop()
      await overlay.close()
    },
  }
}
