import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { Failure } from '../../../language/diagnostic.ts'
import type { Found } from '../../module.ts'
import { consoleKeys } from './console-keys.ts'

/** EC2 shows the console a while after the start; this long it is waited for, in seconds. */
const patience = 150

/** The host keys that the instance printed when it started; undefined when its console does not say them in time. */
export async function hostKeys({ id }: Found, cloud: Cloud): Promise<readonly string[] | undefined> {
  try {
    return await cloud.poll({
      what: `the host keys of ${id} on its console`,
      every: 10,
      timeout: patience,
      look: async () => {
        const seen = consoleKeys(await outputOf(id, cloud))
        if (seen.keys) return { done: seen.keys }
        return seen.done ? { done: undefined } : { status: 'not there yet' }
      },
    })
  } catch (error) {
    // the time is over, or asking is not allowed: then the first key that it shows is taken, and that is said
    if (cloud.signal.aborted) throw error
    if (error instanceof Failure || /Unauthorized|AccessDenied|NotFound/.test((error as Error).name)) return undefined
    throw error
  }
}

/** The newest output; of old instance types only what was last posted can be had (EC2 API Reference, GetConsoleOutput). */
async function outputOf(InstanceId: string, cloud: Cloud): Promise<string> {
  const ec2 = await cloud.client('ec2')
  const { Output } = await ec2
    .send(new GetConsoleOutputCommand({ InstanceId, Latest: true }))
    .catch((error: unknown) => {
      if (!/Unsupported/.test((error as Error).name)) throw error
      return ec2.send(new GetConsoleOutputCommand({ InstanceId }))
    })
  return Buffer.from(Output ?? '', 'base64').toString('utf8')
}
