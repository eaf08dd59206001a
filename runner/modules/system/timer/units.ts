import { failure } from '../../../language/diagnostic.ts'
import { hasSecret } from '../../../plan/unknown.ts'
import type { ArgsOf } from '../../module.ts'
import type { OwnFile } from '../files.ts'
import { madeOf } from '../made-text.ts'
import { programOf } from '../words.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>

const folder = '/etc/systemd/system'

export function pathsOf({ name }: Args): readonly [string, string] {
  return [`${folder}/${name}.service`, `${folder}/${name}.timer`]
}

/** Both units as they are to be. */
export function unitsOf(want: Args): readonly OwnFile[] {
  // a unit can be asked for by everybody (`systemctl cat`), whatever its mode is
  if (hasSecret(want))
    throw failure('E753', 'a unit of systemd can be read by everybody on the host: no secret may be in it', {
      hint: 'write it into a file (system.copy, mode "0600") and name that in `environment_file`',
    })
  const { name, command, on_calendar, on_boot, every } = want
  if (command === undefined) throw failure('E753', '`state: present` needs `command`')
  if (on_calendar === undefined && on_boot === undefined && every === undefined)
    throw failure('E753', `when ${name} runs is not said`, { hint: 'give `on_calendar`, `on_boot` or `every`' })
  const [service, timer] = pathsOf(want)
  return [
    { name: 'service', path: service, content: madeOf(want, serviceText), mode: '0644' },
    { name: 'timer', path: timer, content: madeOf(want, timerText), mode: '0644' },
  ]
}

function serviceText(want: Args): string {
  const { name, description, command, user, working_directory, environment = {}, environment_file, timeout } = want
  const [program, ...words] = programOf(command, 'command')
  if (!program.startsWith('/'))
    throw failure('E753', `systemd wants the absolute path of ${program}`, { hint: `/usr/bin/${program}, perhaps` })
  return sections({
    Unit: [['Description', escaped(description ?? name)]],
    Service: [
      ['Type', 'oneshot'],
      ['User', user],
      ['WorkingDirectory', working_directory && escaped(working_directory)],
      ...Object.entries(environment).map(([key, value]) => ['Environment', quoted(`${key}=${String(value)}`)] as const),
      ['EnvironmentFile', environment_file && escaped(environment_file)],
      ['TimeoutStartSec', timeout],
      ['ExecStart', [quoted(program), ...words.map((word) => quoted(word).replaceAll('$', '$$$$'))].join(' ')],
    ],
  })
}

function timerText(want: Args): string {
  const { name, description, on_calendar = [], on_boot, every, randomized_delay, accuracy, persistent = true } = want
  const times = typeof on_calendar === 'string' ? [on_calendar] : on_calendar
  return sections({
    Unit: [['Description', `When to run: ${escaped(description ?? name)}`]],
    Timer: [
      ...times.map((time) => ['OnCalendar', time] as const),
      ['OnBootSec', on_boot],
      ['OnUnitActiveSec', every],
      // without, a timer that only says how long after the last time would never begin
      ['OnActiveSec', every !== undefined && on_boot === undefined && times.length === 0 ? every : undefined],
      ['RandomizedDelaySec', randomized_delay],
      ['AccuracySec', accuracy],
      ['Persistent', times.length > 0 && persistent ? 'true' : undefined],
    ],
    Install: [['WantedBy', 'timers.target']],
  })
}

type Lines = readonly (readonly [string, string | number | undefined])[]

function sections(parts: Readonly<Record<string, Lines>>): string {
  return Object.entries(parts)
    .map(([section, lines]) =>
      [`[${section}]`, ...lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])), ''].join(
        '\n',
      ),
    )
    .join('\n')
}

/** `%` begins a specifier (systemd.unit(5)). */
function escaped(text: string): string {
  return text.replaceAll('%', '%%')
}

/** One word, as systemd.syntax(7) and systemd.service(5), COMMAND LINES, write it. */
function quoted(word: string): string {
  const text = escaped(word)
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`
}
