import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change, Field } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'
import { progress } from './progress.ts'
import { act, look } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Have {
  /** By name as dpkg writes it: with `:amd64` where several architectures can be installed beside each other. */
  readonly versions: Readonly<Record<string, string>>
  /** Those that stay at their version. */
  readonly held: readonly string[]
  /** Of those that are gone, whose settings are there still. */
  readonly settings: readonly string[]
  /** What `latest` would bring. */
  readonly candidates: Readonly<Record<string, string>>
}

interface Package {
  readonly name: string
  readonly version?: string
}

const systemFolders = ['/etc', '/usr', '/var', '/opt', '/lib', '/bin', '/sbin', '/boot'] as const

function packages({ name }: Args): readonly Package[] {
  return (typeof name === 'string' ? [name] : name).map((text) => {
    const [only = '', version] = text.split('=')
    return version === undefined ? { name: only } : { name: only, version }
  })
}

/** What is known of a package: of the architecture that is asked for, else of any. */
function find(known: Readonly<Record<string, string>>, name: string): string | undefined {
  const [plain = ''] = name.split(':')
  if (known[name] !== undefined) return known[name]
  if (plain !== name) return known[plain]
  const other = Object.keys(known).find((one) => one.startsWith(`${name}:`))
  return other === undefined ? undefined : known[other]
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 20,
  slow: true,
  progress,
  probe: (want) => ({
    kind: 'script',
    text: look,
    args: [want.state === 'latest' ? 'latest' : '', ...packages(want).map((one) => one.name)],
  }),
  parse(output: Output): Have {
    if (output.code === 3)
      throw failure(
        'E770',
        `packages can be installed on Debian and Ubuntu only; this host (${output.stderr.trim() || 'unknown'}) has no dpkg`,
        { hint: 'use system.command with the package manager of the host' },
      )
    const versions: Record<string, string> = {}
    const candidates: Record<string, string> = {}
    const held: string[] = []
    const settings: string[] = []
    for (const line of output.stdout.split('\n')) {
      const [status, name = '', version = '', wish = ''] = line.split(' ')
      if (status === 'installed') versions[name] = version
      if (status === 'installed' && wish === 'hold') held.push(name)
      if (status === 'config-files') settings.push(name)
      if (status === 'candidate' && version !== '(none)') candidates[name] = version
    }
    return { versions, candidates, held, settings }
  },
  blank: () => ({ versions: {}, candidates: {}, held: [], settings: [] }),
  diff: (want, have) => changeOf(want, have),
  steps(want, have): readonly Step[] {
    const gone = want.state === 'absent'
    const all = packages(want)
    const differing = all.filter((one) => fieldOf(want, one, have))
    const holding = gone ? [] : all.filter((one) => holdField(want, one, have) && !differing.includes(one))
    const words = differing.map(({ name, version }) => (version === undefined || gone ? name : `${name}=${version}`))
    const valid = want.update_cache === false ? '-1' : String(want.cache_valid_time ?? 3600)
    const options = [
      // a version that was asked for by name may be an older one
      ...(differing.some(({ version }) => version !== undefined) ? ['downgrade'] : []),
      ...(want.recommends ? ['recommends'] : []),
      ...(want.autoremove ? ['autoremove'] : []),
    ]
    const hold = gone || want.hold === undefined ? '' : want.hold ? 'hold' : 'unhold'
    const what = gone ? (want.purge ? 'purge' : 'remove') : 'install'
    const script = (more: readonly string[], names: readonly string[]): Step => ({
      kind: 'script',
      text: act,
      args: [what, valid, more.join(','), hold, ...names],
    })
    return [
      ...(words.length > 0 ? [script(options, words)] : []),
      ...(holding.length > 0
        ? [
            script(
              ['only-hold'],
              holding.map(({ name }) => name),
            ),
          ]
        : []),
    ]
  },
  returned: (want, have) => ({
    versions: Object.fromEntries(
      packages(want).flatMap(({ name }) => {
        const there = find(have.versions, name)
        return there === undefined ? [] : [[name, there]]
      }),
    ),
  }),
  unsettled: ['versions'],
  // which files a package brings, only the archive knows: they lie in the directories of the system (FHS 3.0)
  effects: (want) => ({
    writes: [
      'package:',
      ...(firstUnknown(want.name) ? [] : packages(want).map(({ name }) => `package:${name.replace(/:.*/, '')}`)),
      ...systemFolders,
    ],
  }),
  timeout: 1800,
}

function changeOf(want: Args, have: Have): Change {
  const unknown = firstUnknown([want.state ?? null])
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  const versions = packages(want).flatMap((one) => fieldOf(want, one, have) ?? [])
  const open: readonly Field[] = (['hold', 'purge'] as const).flatMap((path) =>
    firstUnknown(want[path] ?? null) && (path === 'hold') !== (want.state === 'absent') ? [{ path, known: false }] : [],
  )
  const holds = open.length > 0 ? open : packages(want).flatMap((one) => holdField(want, one, have) ?? [])
  const fields = [...versions, ...holds]
  if (fields.length === 0) return { action: 'none', fields }
  if (versions.length === 0 && open.length > 0) return { action: 'unknown', fields }
  const gone = versions.length > 0 && versions.every((field) => field.before === undefined)
  return { action: want.state === 'absent' ? 'delete' : gone ? 'create' : 'update', fields }
}

/** Whether a package is to stay at its version, where that differs; a new one is not held. */
function holdField(want: Args, { name }: Package, have: Have): Field | undefined {
  if (want.hold === undefined || want.state === 'absent') return undefined
  const held = have.held.some((one) => one === name || one.startsWith(`${name}:`))
  return held === want.hold ? undefined : { path: `${name}.hold`, before: held, after: want.hold, known: true }
}

function fieldOf(want: Args, { name, version }: Package, have: Have): Field | undefined {
  const there = find(have.versions, name)
  if (want.state === 'absent') {
    if (there !== undefined) return { path: name, before: there, after: 'absent', known: true }
    const left = have.settings.some((one) => one === name || one.startsWith(`${name}:`))
    return want.purge === true && left
      ? { path: name, before: 'its settings', after: 'absent', known: true }
      : undefined
  }
  const candidate = version ?? (want.state === 'latest' ? find(have.candidates, name) : undefined)
  if (there !== undefined && (candidate === undefined || candidate === there)) return undefined
  return {
    path: name,
    ...(there !== undefined && { before: there }),
    after: candidate ?? 'installed',
    known: true,
  }
}
