import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from './cache.ts'

/** A Python package in a virtual environment of its own, made once for each version; its folder. */
export async function virtualEnvironment(name: string, version: string, requirement: string): Promise<string> {
  return await cached(name, { version }, async (target) => {
    const venv = await execa('python3', ['-m', 'venv', target], { reject: false })
    if (venv.exitCode !== 0)
      throw new Error(`the AWS emulator needs python3 with venv (Debian: apt-get install python3-venv): ${venv.stderr}`)
    await execa(join(target, 'bin', 'pip'), ['install', '--quiet', requirement])
  })
}
