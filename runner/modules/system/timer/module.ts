import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { HostModule } from '../../module.ts'
import { diffFiles, filesFunction, gone, parseFiles, removalOfFiles, stepsForFiles } from '../files.ts'
import { absent } from '../path-state.ts'
import type { Written } from '../written-probe.ts'
import { args, key, returns, summary } from './schema.ts'
import { pathsOf, unitsOf, type Args } from './units.ts'

interface Have {
  readonly files: readonly Written[]
  readonly active: boolean
  readonly enabled: boolean
  /** Whether systemd has read the units as they are. */
  readonly stale: boolean
  readonly next: string
}

// $1 name; then the paths of both units
const look = `${filesFunction}
name=$1
shift
systemctl show --property ActiveState,UnitFileState,NeedDaemonReload,NextElapseUSecRealtime -- "$name.timer" || exit
systemctl show --property NeedDaemonReload -- "$name.service"
files "$@"
`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: (want) => ({ kind: 'script', text: look, args: [want.name, ...pathsOf(want)] }),
  parse,
  blank: () => ({ files: [absent, absent], active: false, enabled: false, stale: false, next: '' }),
  diff,
  steps,
  returned: (_want, { next }) => ({ next }),
  unsettled: ['next'],
  undo: (want, have) =>
    want.state === 'absent' || have.files.every((file) => file.type === 'absent') ? [] : removal(want, have),
  effects: (want) => ({
    writes: [
      ...pathsOf(want),
      '/etc/systemd/system/timers.target.wants',
      `service:${want.name}`,
      `service:${want.name}.timer`,
    ],
    reads: ['package:', ...(want.user === undefined || firstUnknown(want.user) ? [] : [`user:${want.user}`])],
  }),
}

function parse({ stdout, stderr, code }: Output, want: Args): Have {
  if (code === 127 || /not been booted with systemd|Failed to connect to bus/.test(stderr))
    throw failure('E771', `there is no systemd on the host for the timer ${want.name}`, {
      hint: 'system.cron needs none',
    })
  const said = (name: string): readonly string[] =>
    stdout.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []))
  return {
    files: parseFiles(stdout, stderr, pathsOf(want)),
    active: said('ActiveState')[0] === 'active',
    enabled: said('UnitFileState')[0] === 'enabled',
    stale: said('NeedDaemonReload').includes('yes'),
    next: said('NextElapseUSecRealtime')[0] ?? '',
  }
}

function diff(want: Args, have: Have): Change {
  const unknown = firstUnknown(want.state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (want.state === 'absent') return gone(have.files.some((file) => file.type !== 'absent'))
  const files = diffFiles(unitsOf(want), have.files)
  const { enabled = true } = want
  const units = compare(
    { enabled, active: enabled, loaded: have.stale ? true : undefined },
    { enabled: have.enabled, active: have.active, loaded: false },
  )
  const fields = [...files.fields, ...units.fields]
  if (files.action === 'create') return { action: 'create', fields }
  return files.action === 'none' || units.action === 'update' ? { ...units, fields } : { ...files, fields }
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  if (want.state === 'absent') return removal(want, have)
  const { name, enabled = true } = want
  const systemctl = (...words: readonly string[]): Step => ({ kind: 'exec', argv: ['systemctl', ...words] })
  const changed = (...paths: readonly string[]): boolean =>
    change.fields.some((field) => paths.some((path) => field.path === path || field.path.startsWith(`${path}.`)))
  const times = typeof want.on_calendar === 'string' ? [want.on_calendar] : (want.on_calendar ?? [])
  const written = changed('service', 'timer')
  return [
    // a time that is none would be ignored with a line in the journal
    ...(changed('timer')
      ? times.map((time): Step => ({ kind: 'exec', argv: ['systemd-analyze', 'calendar', '--', time] }))
      : []),
    ...stepsForFiles(unitsOf(want), have.files),
    ...(written || changed('loaded') ? [systemctl('daemon-reload')] : []),
    ...(changed('enabled') ? [systemctl(enabled ? 'enable' : 'disable', '--', `${name}.timer`)] : []),
    ...(enabled && (changed('active') || changed('timer')) ? [systemctl('restart', '--', `${name}.timer`)] : []),
    ...(!enabled && changed('active') ? [systemctl('stop', '--', `${name}.timer`)] : []),
  ]
}

function removal(want: Args, have: Have): readonly Step[] {
  return [
    { kind: 'exec', argv: ['systemctl', 'disable', '--now', '--', `${want.name}.timer`] },
    ...removalOfFiles(pathsOf(want), have.files),
    { kind: 'exec', argv: ['systemctl', 'daemon-reload'] },
  ]
}
