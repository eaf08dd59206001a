import { execa } from 'execa'
import { alone } from './claim.ts'

/**
 * Installs what is missing of these programs, by their packages; why that cannot be done, undefined: all are there. Only one process at a
 * time: apt does not wait for another that reads its lists.
 */
export async function installed(programs: Readonly<Record<string, string>>): Promise<string | undefined> {
  if ((await absent(programs)).length === 0) return undefined
  return await alone('packages', async () => {
    for (const first of [[], ['update', '-q']]) {
      const missing = await absent(programs)
      if (missing.length === 0) return undefined
      if (first.length > 0) await apt(...first)
      await apt('install', '-y', '-q', '--no-install-recommends', ...missing)
    }
    const missing = await absent(programs)
    return missing.length === 0
      ? undefined
      : `the lab needs ${missing.join(', ')}: apt-get install ${missing.join(' ')}`
  })
}

async function absent(programs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const missing: string[] = []
  for (const [program, name] of Object.entries(programs)) {
    // what only root may run is in no other user's path
    const look = `PATH=$PATH:/usr/sbin:/sbin; command -v ${program}`
    if ((await execa('sh', ['-c', look], { reject: false })).exitCode !== 0) missing.push(name)
  }
  return missing
}

async function apt(...words: readonly string[]): Promise<void> {
  const options = ['-o', 'DPkg::Lock::Timeout=600']
  await execa('apt-get', [...options, ...words], { reject: false, env: { DEBIAN_FRONTEND: 'noninteractive' } })
}
