import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change, Field } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'
import { act, look } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Have {
  /** By name as dpkg writes it: with `:amd64` where several architectures can be installed beside each other. */
  readonly versions: Readonly<Record<string, string>>
  /** What `latest` would bring. */
  readonly candidates: Readonly<Record<string, string>>
}

interface Package {
  readonly name: string
  readonly version?: string
}

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
    for (const line of output.stdout.split('\n')) {
      const [status, name = '', version = ''] = line.split(' ')
      if (status === 'installed') versions[name] = version
      if (status === 'candidate' && version !== '(none)') candidates[name] = version
    }
    return { versions, candidates }
  },
  blank: () => ({ versions: {}, candidates: {} }),
  diff: (want, have) => changeOf(want, have),
  steps(want, have): readonly Step[] {
    const differing = packages(want).filter((one) => fieldOf(want, one, have))
    const gone = want.state === 'absent'
    const words = differing.map(({ name, version }) => (version === undefined || gone ? name : `${name}=${version}`))
    const valid = want.update_cache === false ? '-1' : String(want.cache_valid_time ?? 3600)
    // a version that was asked for by name may be an older one
    const downgrade = differing.some(({ version }) => version !== undefined) ? 'downgrade' : ''
    return [{ kind: 'script', text: act, args: [gone ? 'remove' : 'install', valid, downgrade, ...words] }]
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
  effects: (want) => ({
    writes: firstUnknown(want.name)
      ? ['package:']
      : ['package:', ...packages(want).map(({ name }) => `package:${name.replace(/:.*/, '')}`)],
  }),
  timeout: 1800,
}

function changeOf(want: Args, have: Have): Change {
  const unknown = firstUnknown([want.state ?? null])
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  const fields = packages(want).flatMap((one) => fieldOf(want, one, have) ?? [])
  if (fields.length === 0) return { action: 'none', fields }
  const gone = fields.every((field) => field.before === undefined)
  return { action: want.state === 'absent' ? 'delete' : gone ? 'create' : 'update', fields }
}

function fieldOf(want: Args, { name, version }: Package, have: Have): Field | undefined {
  const there = find(have.versions, name)
  if (want.state === 'absent')
    return there === undefined ? undefined : { path: name, before: there, after: 'absent', known: true }
  const candidate = version ?? (want.state === 'latest' ? find(have.candidates, name) : undefined)
  if (there !== undefined && (candidate === undefined || candidate === there)) return undefined
  return {
    path: name,
    ...(there !== undefined && { before: there }),
    after: candidate ?? 'installed',
    known: true,
  }
}
