import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { SSHConfig } from 'ssh-config'
import { ConnectionFailure, type Place } from './connection.ts'

/** What ssh_config and the inventory together say of how to reach a host. */
export interface SshSettings {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly identities: readonly string[]
  readonly identitiesOnly: boolean
  /** Socket of the agent; undefined: none. */
  readonly agent?: string
  readonly knownHosts: readonly string[]
  /** Hosts to go through, the first is reached directly. */
  readonly jumps: readonly string[]
  readonly strict: boolean
  /** Seconds. */
  readonly connectTimeout: number
  /** Seconds of silence after which the host is asked whether it is there, and how often in vain until it is not. */
  readonly aliveInterval: number
  readonly aliveCount: number
}

export interface SshDefaults {
  readonly sshConfigFile?: string
  readonly home: string
  readonly user: string
  readonly agentSocket?: string
}

const parsed = new Map<string, SSHConfig>()

/** Reads the user's ssh_config (ssh_config(5)); what the inventory says is stronger. */
export function settingsFor(
  place: Pick<Place, 'name' | 'address' | 'port' | 'user' | 'identity'>,
  defaults: SshDefaults,
): SshSettings {
  const { home } = defaults
  const alias = place.address ?? place.name
  const config = configOf(defaults)
  const options = config.compute({
    Host: alias,
    ...(place.user !== undefined && { User: place.user }),
  } as never) as Record<string, string | string[]>
  const one = (name: string): string | undefined => {
    const value = options[name]
    const text = Array.isArray(value) ? value[0] : value
    return text === undefined || /^none$/i.test(text) ? undefined : text
  }
  const host = (one('HostName') ?? alias).replaceAll('%h', alias)
  const user = place.user ?? one('User') ?? defaults.user
  const port = place.port ?? (one('Port') === undefined ? 22 : Number(one('Port')))
  const expand = (path: string): string =>
    fromHome(
      path
        .replaceAll('%d', home)
        .replaceAll('%h', host)
        .replaceAll('%r', user)
        .replaceAll('%u', defaults.user)
        .replaceAll('%p', String(port))
        .replaceAll('%n', alias)
        .replaceAll('%%', '%'),
      home,
    )
  const list = (name: string): readonly string[] =>
    [options[name] ?? []]
      .flat()
      .flatMap((text) => text.split(/\s+/))
      .filter(Boolean)
      .map((text) => expand(text.replaceAll('"', '')))
  const own = place.identity === undefined ? [] : [fromHome(place.identity, home)]
  const configured = list('IdentityFile')
  const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa']
    .map((file) => join(home, '.ssh', file))
    .filter((file) => existsSync(file))
  const agentSetting =
    options['IdentityAgent'] === undefined ? defaults.agentSocket : (one('IdentityAgent') ?? undefined)
  const agent = agentSetting === 'SSH_AUTH_SOCK' ? defaults.agentSocket : agentSetting
  const known = list('UserKnownHostsFile')
  return {
    host,
    port,
    user,
    identities: own.length + configured.length > 0 ? [...own, ...configured] : usual,
    identitiesOnly: one('IdentitiesOnly')?.toLowerCase() === 'yes',
    ...(agent !== undefined && { agent: expand(agent) }),
    knownHosts: known.length > 0 ? known : [join(home, '.ssh', 'known_hosts'), join(home, '.ssh', 'known_hosts2')],
    jumps: (one('ProxyJump') ?? '')
      .split(',')
      .map((jump) => jump.trim())
      .filter(Boolean),
    strict: one('StrictHostKeyChecking')?.toLowerCase() === 'yes',
    connectTimeout: Number(one('ConnectTimeout') ?? 15),
    aliveInterval: Number(one('ServerAliveInterval') ?? 15),
    aliveCount: Number(one('ServerAliveCountMax') ?? 3),
  }
}

function configOf({ sshConfigFile, home }: SshDefaults): SSHConfig {
  const file = sshConfigFile ?? join(home, '.ssh', 'config')
  const known = parsed.get(file)
  if (known) return known
  if (sshConfigFile !== undefined && !existsSync(file))
    throw new ConnectionFailure(
      'E728',
      `there is no ssh_config ${file}`,
      '-F names the file to use instead of ~/.ssh/config',
    )
  const config = SSHConfig.parse(existsSync(file) ? withIncludes(file, home, []) : '')
  parsed.set(file, config)
  return config
}

/**
 * The text of a file with its `Include` lines replaced; names are relative to ~/.ssh, or to the file given with -F. Behind what is
 * included the block goes on that the line stands in, so its head is repeated there.
 */
function withIncludes(file: string, home: string, above: readonly string[]): string {
  if (above.includes(file) || above.length > 16) return ''
  const own = join(home, '.ssh')
  const folder = above.length === 0 && file !== join(own, 'config') ? dirname(file) : own
  let head = 'Host *'
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((text) => {
      if (/^\s*(Host|Match)[\s=]/i.test(text)) head = text
      const names = /^\s*Include[\s=]+(.+)$/i.exec(text)?.[1]
      if (names === undefined) return text
      const included = names
        .trim()
        .split(/\s+/)
        .map((name) => fromHome(name.replaceAll('"', ''), home))
        .flatMap((name) => globSync(isAbsolute(name) ? name : join(folder, name)).sort())
        .map((name) => withIncludes(name, home, [...above, file]))
      return [...included, head].join('\n')
    })
    .join('\n')
}

function fromHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path
}
