import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { diff, disruptionOf, fingerprintOf, installedFrom, repositoryOf, sourcesFor, type Have } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'
import { addRepository, control, install, look, validate } from './scripts.ts'

type Args = ArgsOf<typeof args>

const nothingThere: Have = {
  distro: { id: 'debian', version: '13', codename: 'trixie', architecture: 'amd64' },
  version: undefined,
  compose: undefined,
  packages: [],
  conflicting: [],
  active: false,
  enabled: false,
  members: [],
  daemon: undefined,
  stale: false,
  sources: undefined,
  fingerprints: [],
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 60,
  probe: ({ users }) => ({
    kind: 'script',
    text: look,
    args: Array.isArray(users) ? users.filter((user) => typeof user === 'string') : [],
  }),
  parse,
  blank: () => nothingThere,
  diff,
  steps,
  returned: (_want, { version, compose }) => ({
    ...(version !== undefined && { version }),
    ...(compose !== undefined && { compose }),
  }),
  unsettled: ['version', 'compose'],
  effects: ({ users }) => ({
    writes: ['service:docker', 'package:', '/etc/docker', '/var/lib/docker', '/etc/apt'],
    reads: Array.isArray(users) ? users.map((user) => `user:${String(user)}`) : ['user:'],
  }),
  regroups: ({ action, fields }) => action === 'create' || fields.some((field) => field.path === 'users'),
  timeout: 1800,
}

function parse({ stdout }: Output): Have {
  const have: { -readonly [K in keyof Have]: Have[K] } = { ...nothingThere }
  for (const line of stdout.split('\n')) {
    const [name, ...rest] = line.split(' ')
    const value = rest.join(' ')
    if (name === 'distro') {
      const [id = '', version = '', codename = '', architecture = ''] = rest
      if (id !== 'debian' && id !== 'ubuntu')
        throw failure('E770', `Docker is installed on Debian and Ubuntu only; this host is ${id || 'unknown'}`, {
          hint: 'install it otherwise, and leave this task out',
        })
      have.distro = { id, version, codename, architecture }
    }
    if (name === 'snap')
      throw failure('E795', 'Docker is installed here as a snap, which would stand in the way', {
        hint: 'on the host: snap remove docker (its containers and volumes go with it), or leave this task out',
      })
    if (name === 'engine' && value !== '') have.version = value
    if (name === 'compose') have.compose = value
    if (name === 'package') have.packages = [...have.packages, value]
    if (name === 'conflicting') have.conflicting = [...have.conflicting, value]
    if (name === 'active') have.active = value === 'active'
    if (name === 'enabled') have.enabled = value === 'enabled'
    if (name === 'member') have.members = [...have.members, value]
    if (name === 'daemon') have.daemon = readJson(Buffer.from(value, 'base64').toString('utf8'))
    if (name === 'stale') have.stale = true
    if (name === 'sources') have.sources = Buffer.from(value, 'base64').toString('utf8')
    if (name === 'fingerprint') have.fingerprints = [...have.fingerprints, value]
  }
  return have
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  const { users = [], daemon } = want
  const source = want.source ?? installedFrom(have) ?? 'distro'
  const fresh = change.action === 'create'
  const changes = (...paths: readonly string[]): boolean => change.fields.some((field) => paths.includes(field.path))
  const exec = (...argv: [string, ...string[]]): Step => ({ kind: 'exec', argv })
  const script = (text: string, ...words: readonly string[]): Step => ({ kind: 'script', text, args: words })
  const address = String(repositoryOf(want))
  const configured = daemon !== undefined && changes('daemon')
  const reloaded = !fresh && have.active && disruptionOf(daemon, have) === 'none'
  return [
    ...(changes('repository', 'fingerprint')
      ? [script(addRepository, address, String(fingerprintOf(want)), sourcesFor(address, have))]
      : []),
    ...(changes('source', 'compose') ? [script(install, source)] : []),
    ...(configured
      ? [
          exec('install', '-m', '0755', '-d', '/etc/docker'),
          {
            kind: 'upload',
            path: '/etc/docker/daemon.json',
            content: `${JSON.stringify(daemon, null, 2)}\n`,
            mode: '0644',
            validate: ['sh', '-c', validate, 'sh', '%s'],
          } as const,
        ]
      : []),
    ...(fresh || changes('enabled') ? [exec('systemctl', 'enable', 'docker')] : []),
    // what is installed is started at once, so a configuration that comes after needs a restart even then
    script(control, configured ? (reloaded ? 'reload' : 'restart') : 'start'),
    ...users
      .filter((user) => !have.members.includes(user))
      .map((user) => exec('usermod', '--append', '--groups', 'docker', '--', user)),
  ]
}
