import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { canonical, compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'
import { install, look } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly version: string | undefined
  readonly compose: string | undefined
  readonly packages: readonly string[]
  readonly active: boolean
  readonly enabled: boolean
  readonly members: readonly string[]
  readonly daemon: unknown
}

const nothingThere: Have = {
  version: undefined,
  compose: undefined,
  packages: [],
  active: false,
  enabled: false,
  members: [],
  daemon: undefined,
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
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
    writes: ['service:docker', 'package:', '/etc/docker', '/var/lib/docker'],
    reads: Array.isArray(users) ? users.map((user) => `user:${String(user)}`) : ['user:'],
  }),
  timeout: 1800,
}

function parse({ stdout }: Output): Have {
  const have: { -readonly [K in keyof Have]: Have[K] } = { ...nothingThere }
  for (const line of stdout.split('\n')) {
    const [name, ...rest] = line.split(' ')
    const value = rest.join(' ')
    if (name === 'distro' && !/^(debian|ubuntu)\b/.test(value))
      throw failure(
        'E772',
        `Docker is installed on Debian and Ubuntu only; this host is ${value.trim() || 'unknown'}`,
        { hint: 'install it otherwise, and leave this task out' },
      )
    if (name === 'engine' && value !== '') have.version = value
    if (name === 'compose') have.compose = value
    if (name === 'package') have.packages = [...have.packages, value]
    if (name === 'active') have.active = value === 'active'
    if (name === 'enabled') have.enabled = value === 'enabled'
    if (name === 'member') have.members = [...have.members, value]
    if (name === 'daemon') have.daemon = readJson(Buffer.from(value, 'base64').toString('utf8'))
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

function diff(want: Args, have: Have): Change {
  const { source, users, daemon } = want
  const ready = have.version !== undefined && have.compose !== undefined
  const from = have.packages.includes('docker-ce')
    ? 'docker'
    : have.packages.includes('docker.io')
      ? 'distro'
      : undefined
  const wanted = { source: source ?? 'distro', running: true, enabled: true, users, daemon }
  if (!ready) return compare(wanted, undefined)
  // installed by other means: taken as it is
  const there = {
    source: from ?? source ?? 'distro',
    running: have.active,
    enabled: have.enabled,
    users: have.members,
    daemon: have.daemon,
  }
  return compare(wanted, there, { sets: ['users'], disruption: { daemon: 'restart', source: 'restart' } })
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  const { source = 'distro', users = [], daemon } = want
  const changes = (path: string): boolean =>
    change.action === 'create' || change.fields.some((field) => field.path === path)
  const exec = (...argv: [string, ...string[]]): Step => ({ kind: 'exec', argv })
  const configured = daemon !== undefined && changes('daemon') && canonical(daemon) !== canonical(have.daemon)
  return [
    ...(changes('source') ? [{ kind: 'script', text: install, args: [source] } as const] : []),
    ...(configured
      ? [
          exec('install', '-m', '0755', '-d', '/etc/docker'),
          {
            kind: 'upload',
            path: '/etc/docker/daemon.json',
            content: `${JSON.stringify(daemon, null, 2)}\n`,
            mode: '0644',
          } as const,
        ]
      : []),
    exec('systemctl', 'enable', 'docker'),
    ...(configured && have.active ? [exec('systemctl', 'restart', 'docker')] : [exec('systemctl', 'start', 'docker')]),
    ...users
      .filter((user) => !have.members.includes(user))
      .map((user) => exec('usermod', '--append', '--groups', 'docker', '--', user)),
  ]
}
