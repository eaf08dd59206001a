import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { Unknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { overdue } from './overdue.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Unit {
  readonly active: string
  readonly enabled: boolean
  /** Whether that can be changed: of units without an [Install] section it cannot. */
  readonly fixed: boolean
  readonly stale: boolean
  readonly masked: boolean
}

export const module: HostModule<Args, Unit> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ name }) => ({
    kind: 'exec',
    argv: ['systemctl', 'show', '--property', 'LoadState,ActiveState,UnitFileState,NeedDaemonReload', '--', name],
  }),
  parse: (output, want) => unitOf(output, want),
  blank: () => ({ active: 'inactive', enabled: false, fixed: false, stale: false, masked: false }),
  diff,
  steps,
  returned: ({ name }, { active, enabled }) => ({ name, state: active, enabled }),
  overdue: ({ name, state }, files) =>
    state === 'restarted' || state === 'reloaded' ? overdue(name, state, files) : undefined,
  unsettled: ['state', 'enabled'],
  undo: ({ name, enabled, state }, have) =>
    have.enabled && enabled === true
      ? [{ kind: 'exec', argv: ['systemctl', 'disable', ...(state === 'started' ? ['--now'] : []), '--', name] }]
      : [],
  effects: ({ name }) => ({
    writes: [`service:${name.replace(/\.service$/, '')}`],
    // what it reads when it starts may lie anywhere, but mostly here
    reads: ['package:', '/etc/systemd/system', '/etc', '/usr', '/opt', '/srv', '/var', '/home'],
  }),
}

function unitOf({ stdout, stderr, code }: Output, { name }: Args): Unit {
  const said = Object.fromEntries(
    stdout.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  if (code === 127 || /not been booted with systemd|Failed to connect to bus/.test(stderr))
    throw failure('E771', `there is no systemd on the host to ask about ${name}`, {
      hint: 'services are managed through systemd only',
    })
  const { ActiveState: active = 'inactive', UnitFileState: file = '' } = said as Record<string, string>
  return {
    active: active === 'activating' || active === 'reloading' ? 'active' : active,
    // enabled-runtime and linked are gone with the next start (systemctl(1), is-enabled)
    enabled: /^(enabled|static|alias|indirect|generated)$/.test(file),
    fixed: /^(static|indirect|generated|transient)$/.test(file),
    stale: said['NeedDaemonReload'] === 'yes',
    masked: said['LoadState'] === 'masked' || file.startsWith('masked'),
  }
}

function diff(want: Args, have: Unit): Change {
  const { state, enabled } = want
  if (have.fixed && enabled === false && have.enabled)
    throw failure('E793', `${want.name} starts when other units want it: it cannot be disabled`, {
      hint: 'leave `enabled` out, or set `masked: true`',
    })
  if (
    want.masked === true &&
    (state === 'started' || state === 'restarted' || state === 'reloaded' || enabled === true)
  )
    throw failure('E753', `${want.name} cannot be masked and started`)
  const running = have.active === 'active' ? 'started' : have.active === 'failed' ? 'failed' : 'stopped'
  const again = state === 'restarted' || state === 'reloaded'
  const wanted = {
    state: again ? undefined : state,
    enabled,
    // what is masked can neither be started nor enabled
    masked:
      want.masked ??
      (have.masked && (enabled === true || (state !== undefined && state !== 'stopped')) ? false : undefined),
    daemon_reload:
      (want.daemon_reload as unknown) instanceof Unknown
        ? want.daemon_reload
        : want.daemon_reload === true && have.stale
          ? true
          : undefined,
  }
  const there = {
    state: running === 'failed' && state === 'stopped' ? 'stopped' : running,
    enabled: have.enabled,
    masked: have.masked,
    daemon_reload: false,
  }
  const change = compare(wanted, there, { disruption: { state: 'restart' } })
  if (!again || (state as unknown) instanceof Unknown) return change
  return {
    action: 'run',
    fields: [...change.fields, { path: 'state', before: running, after: state, known: true, disruption: 'restart' }],
  }
}

function steps(want: Args, _have: Unit, change: Change): readonly Step[] {
  const { name } = want
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  const systemctl = (...words: readonly string[]): Step => ({ kind: 'exec', argv: ['systemctl', ...words, '--', name] })
  const verbs = { started: 'start', stopped: 'stop', restarted: 'restart', reloaded: 'reload-or-restart' } as const
  return [
    ...(want.daemon_reload === true ? [{ kind: 'exec', argv: ['systemctl', 'daemon-reload'] } as const] : []),
    ...(changes('masked') && want.masked !== true ? [systemctl('unmask')] : []),
    ...(want.enabled !== undefined && changes('enabled') ? [systemctl(want.enabled ? 'enable' : 'disable')] : []),
    ...(want.state !== undefined && changes('state') ? [systemctl(verbs[want.state])] : []),
    ...(changes('masked') && want.masked === true ? [systemctl('mask')] : []),
  ]
}
