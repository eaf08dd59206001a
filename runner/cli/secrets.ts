import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { readManagedSecret, readParameter } from '../connections/aws-secrets.ts'
import { capture } from '../connections/capture.ts'
import type { Clients } from '../connections/cloud.ts'
import { failure } from '../language/diagnostic.ts'
import { Unknown, type Value } from '../plan/unknown.ts'
import { Secret, SecretSource } from '../secret.ts'
import { environment, type Loaded } from './load.ts'

type ClientOf = <K extends keyof Clients>(service: K) => Promise<Clients[K]>

/**
 * Looks up the secrets that a playbook names. Those of programs and of AWS are read before anything else is, so that
 * evaluating never waits; a missing one is an error only where it is used.
 */
export async function openSecrets(
  loaded: Loaded,
  offline: boolean,
  client: ClientOf,
  signal: AbortSignal,
): Promise<(source: SecretSource) => Value> {
  const known = new Map<string, () => Value>()
  const sources = [...new Map(sourcesOf(loaded).map((source) => [String(source), source])).values()]
  await Promise.all(
    sources.map(async (source) => {
      if (source.scheme === 'env' || source.scheme === 'file') return
      if (offline)
        return void known.set(String(source), () => new Unknown(`the secret ${String(source)} is read`, true))
      try {
        const text = await fetchSecret(source, loaded.program.directory, client, signal)
        known.set(String(source), () => new Secret(text))
      } catch (error) {
        known.set(String(source), () => {
          throw error
        })
      }
    }),
  )
  return (source) => known.get(String(source))?.() ?? new Secret(local(source, loaded.program.directory))
}

function local(source: SecretSource, directory: string): string {
  if (source.scheme === 'env') {
    const text = environment()[source.name]
    if (text !== undefined && text !== '') return text
    throw failure('E741', `the environment variable ${source.name} is not set`, {
      hint: `export ${source.name}=… before you run this`,
    })
  }
  const file = isAbsolute(source.name) ? source.name : join(directory, source.name)
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw failure('E741', `the secret’s file ${file} cannot be read`, {
      hint: 'file names are relative to the playbook',
      cause,
    })
  }
}

async function fetchSecret(
  source: SecretSource,
  directory: string,
  client: ClientOf,
  signal: AbortSignal,
): Promise<string> {
  if (source.scheme === 'ssm') return await readParameter(source.name, client)
  const [name = '', member] = source.name.split('#')
  if (source.scheme === 'sops') {
    const file = isAbsolute(name) ? name : join(directory, name)
    const path = (member ?? '')
      .split('.')
      .map((part) => `[${JSON.stringify(part)}]`)
      .join('')
    return (await capture(['sops', '--decrypt', '--extract', path, file], signal)).replace(/\n$/, '')
  }
  const whole = await readManagedSecret(name, client)
  if (member === undefined) return whole
  const found: unknown = (JSON.parse(whole) as Record<string, unknown>)[member]
  if (typeof found === 'string' || typeof found === 'number') return String(found)
  throw failure('E741', `the secret ${name} has no member ${member}`)
}

function sourcesOf({ program, inventory, extraVars }: Loaded): readonly SecretSource[] {
  const found: SecretSource[] = []
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (value instanceof SecretSource) found.push(value)
    else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value)
      for (const item of value instanceof Map ? value.values() : Object.values(value)) visit(item)
    }
  }
  visit(program.plays)
  visit(inventory())
  visit(extraVars)
  return found
}
