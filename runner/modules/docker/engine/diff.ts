import { canonical, compare, type Change, type Disruption } from '../../../plan/change.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { Wanted, ArgsOf } from '../../module.ts'
import { dockersFingerprint, dockersRepository, type args } from './schema.ts'

export type Args = Wanted<ArgsOf<typeof args>>

export interface Have {
  readonly distro: {
    readonly id: string
    readonly version: string
    readonly codename: string
    readonly architecture: string
  }
  readonly version: string | undefined
  readonly compose: string | undefined
  readonly packages: readonly string[]
  /** Packages that have to go before those of Docker's repository can come. */
  readonly conflicting: readonly string[]
  readonly active: boolean
  readonly enabled: boolean
  readonly members: readonly string[]
  readonly daemon: unknown
  /** The daemon runs with an older daemon.json than the one that is there. */
  readonly stale: boolean
  readonly sources: string | undefined
  /** Of the keys that are trusted for Docker's repository. */
  readonly fingerprints: readonly string[]
}

/**
 * What dockerd takes over from its file when it is told to reload (daemon/reload.go of Moby); any other change needs a restart.
 */
const reloadable = new Set([
  'debug',
  'labels',
  'live-restore',
  'max-concurrent-downloads',
  'max-concurrent-uploads',
  'max-download-attempts',
  'shutdown-timeout',
  'insecure-registries',
  'registry-mirrors',
])

export function diff(want: Args, have: Have): Change {
  const { users, daemon } = want
  const source = want.source ?? installedFrom(have) ?? 'distro'
  const official = source === 'docker'
  const wanted = {
    source,
    compose: source === 'distro' && withoutCompose(have) ? undefined : 'installed',
    repository: official ? repositoryOf(want) : undefined,
    fingerprint: official ? fingerprintOf(want) : undefined,
    running: true,
    enabled: true,
    users,
    daemon,
  }
  if (have.version === undefined) {
    const change = compare(wanted, undefined)
    return official && have.conflicting.length > 0
      ? { ...change, fields: [...change.fields, removed(have.conflicting)] }
      : change
  }
  // installed by other means: taken as it is
  const from = installedFrom(have) ?? source
  const there = {
    source: from,
    compose: have.compose === undefined ? undefined : 'installed',
    repository: addressIn(have),
    fingerprint: have.fingerprints.join(', '),
    running: have.active,
    enabled: have.enabled,
    users: have.members,
    daemon: have.stale && same(daemon, have.daemon) ? 'not read by the running daemon yet' : have.daemon,
  }
  const change = compare(wanted, there, {
    sets: ['users'],
    disruption: { source: 'restart', daemon: disruptionOf(daemon, have) },
  })
  return official && from === 'distro' && have.conflicting.length > 0
    ? { ...change, fields: [...change.fields, removed(have.conflicting)] }
    : change
}

function removed(packages: readonly string[]): Change['fields'][number] {
  return { path: 'packages', before: packages, after: 'removed', known: true }
}

export function installedFrom({ packages }: Have): 'docker' | 'distro' | undefined {
  return packages.includes('docker-ce') ? 'docker' : packages.includes('docker.io') ? 'distro' : undefined
}

/** Debian 12 has only Compose 1, a program of its own. */
function withoutCompose({ distro }: Have): boolean {
  return distro.id === 'debian' && Number(distro.version) < 13
}

export function repositoryOf({ repository = dockersRepository }: Args): unknown {
  return typeof repository === 'string' ? repository.replace(/\/+$/, '') : repository
}

export function fingerprintOf({ fingerprint = dockersFingerprint }: Args): unknown {
  return typeof fingerprint === 'string' ? fingerprint.replaceAll(' ', '').toUpperCase() : fingerprint
}

/** The repository's address in the file of sources; another text where the file is not the one that would be written. */
function addressIn(have: Have): string | undefined {
  const uri = /^URIs: (\S+)\/[a-z]+$/m.exec(have.sources ?? '')?.[1]
  if (uri === undefined) return undefined
  return have.sources === sourcesFor(uri, have) ? uri : `${uri} in another form`
}

/** What apt reads (deb822, sources.list(5)), as Docker's documentation writes it. */
export function sourcesFor(address: string, { distro }: Have): string {
  return [
    'Types: deb',
    `URIs: ${address}/${distro.id}`,
    `Suites: ${distro.codename}`,
    'Components: stable',
    `Architectures: ${distro.architecture}`,
    'Signed-By: /etc/apt/keyrings/docker.asc',
    '',
  ].join('\n')
}

function same(daemon: unknown, there: unknown): boolean {
  return canonical(daemon) === canonical(there)
}

/** Whether the daemon can take the change while it runs. */
export function disruptionOf(daemon: unknown, have: Have): Disruption {
  const there = have.daemon ?? {}
  if (!isMap(daemon) || !isMap(there) || have.stale) return 'restart'
  const changed = [...new Set([...Object.keys(daemon), ...Object.keys(there)])].filter(
    (name) => canonical(daemon[name]) !== canonical(there[name]),
  )
  return changed.every((name) => reloadable.has(name)) ? 'none' : 'restart'
}
