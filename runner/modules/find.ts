import { existsSync, readdirSync } from 'node:fs'
import type { Module, ObjectSchema, Updates } from './module.ts'

const families = ['app', 'aws', 'cloud_init', 'docker', 'duckdns', 'git', 'nfs', 'proxy', 'system'] as const
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/** Names of all modules, `family.name`, sorted; from the folders that are there. */
export function moduleNames(): readonly string[] {
  return families.flatMap((family) =>
    readdirSync(new URL(`./${family.replaceAll('_', '-')}/`, import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${family}.${entry.name.replaceAll('-', '_')}`)
      .sort(),
  )
}

/** The folder of a module: `aws.security_group` → `…/aws/security-group/`. */
export function moduleFolder(name: string): URL {
  const [family = '', rest = ''] = name.split('.')
  return new URL(`./${family.replaceAll('_', '-')}/${rest.replaceAll('_', '-')}/`, import.meta.url)
}

/** The module's code, loaded now. An AWS module brings its client with it, so `validate` asks for the schema instead. */
export async function findModule(name: string): Promise<Module> {
  const loaded = (await import(new URL(`module.${extension}`, moduleFolder(name)).href)) as { module: Module }
  return loaded.module
}

/** Arguments, outputs and key of a module without its code. */
export async function findSchema(
  name: string,
): Promise<{ args: ObjectSchema; returns: ObjectSchema; summary: string; key: readonly string[] }> {
  return (await import(new URL(`schema.${extension}`, moduleFolder(name)).href)) as never
}

/** What changing the arguments of a cloud module does; undefined for others. */
export async function findUpdates(name: string): Promise<Updates | undefined> {
  const file = new URL(`updates.${extension}`, moduleFolder(name))
  return existsSync(file) ? ((await import(file.href)) as { updates: Updates }).updates : undefined
}
