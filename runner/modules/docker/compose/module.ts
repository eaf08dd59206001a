import type { Output, Script, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change, Field } from '../../../plan/change.ts'
import { firstUnknown, isMap } from '../../../plan/unknown.ts'
import type { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'
import { down, look, up } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Container {
  readonly hash: string
  readonly state: string
}

interface Have {
  /** Why nothing could be asked: there is no Docker, or no such directory, yet. */
  readonly missing: string | undefined
  readonly wanted: ReadonlyMap<string, string>
  readonly containers: ReadonlyMap<string, Container>
  readonly images: readonly string[]
  readonly sources: string
  readonly built: string | undefined
  /** Of each service the hashes of its configuration and of its container's label when it was last brought up. */
  readonly kept: ReadonlyMap<string, { readonly hash: string; readonly label: string }>
}

const nothingThere: Have = {
  missing: 'there is no project yet',
  wanted: new Map(),
  containers: new Map(),
  images: [],
  sources: '',
  built: undefined,
  kept: new Map(),
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: (want) => ({ kind: 'script', text: look, args: [want.project, want.dir, ...filesOf(want)], env: envOf(want) }),
  parse,
  blank: () => nothingThere,
  diff,
  steps: (want, have, change): readonly Step[] => [
    {
      kind: 'script',
      text: up,
      args: [want.project, want.dir, have.sources, String(want.wait ?? 300), optionsOf(want, change), ...filesOf(want)],
      env: envOf(want),
    },
  ],
  returned: (_want, { wanted, images }) => ({ services: [...wanted.keys()], images }),
  unsettled: ['images'],
  undo: (want, have) =>
    have.containers.size > 0
      ? [
          {
            kind: 'script',
            text: down,
            args: [want.project, want.dir, ...filesOf(want)],
            env: envOf(want),
          } satisfies Script,
        ]
      : [],
  effects: ({ dir, project }) => ({
    writes: [`compose:${project}`, `/var/lib/runner/compose/${project}`],
    reads: [dir, 'service:docker', '/etc'],
  }),
  timeout: 1800,
}

function filesOf({ files }: Args): readonly string[] {
  return Array.isArray(files) ? files.filter((file) => typeof file === 'string') : []
}

/** Variables that are known; the values travel in the script, not on a command line. */
function envOf({ env }: Args): Record<string, string | Secret> {
  if (!isMap(env)) return {}
  return Object.fromEntries(Object.entries(env).filter(([, value]) => !firstUnknown(value))) as Record<
    string,
    string | Secret
  >
}

function optionsOf(want: Args, change: Change): string {
  const building =
    want.build !== 'never' &&
    (want.build === 'always' || change.fields.some((field) => field.path === 'sources') || change.action === 'create')
  return [
    building ? '--build' : '',
    want.pull === undefined || want.build !== 'never' ? '' : `--pull ${want.pull}`,
    want.remove_orphans === false ? '' : '--remove-orphans',
  ]
    .filter(Boolean)
    .join(' ')
}

function parse({ stdout, stderr }: Output, want: Args): Have {
  const wanted = new Map<string, string>()
  const containers = new Map<string, Container>()
  const images: string[] = []
  const kept = new Map<string, { hash: string; label: string }>()
  let have: Pick<Have, 'missing' | 'sources' | 'built'> = { missing: undefined, sources: '', built: undefined }
  for (const line of stdout.split('\n')) {
    const [kind, first = '', second = '', state = '', ...status] = line.split(' ')
    if (kind === 'missing')
      have = {
        ...have,
        missing: first === 'docker' ? 'there is no Docker yet' : `there is no directory ${want.dir} yet`,
      }
    if (kind === 'fault')
      throw failure(
        'E773',
        `Compose does not understand the project ${want.project}: ${stderr.trim().split('\n').at(-1) ?? ''}`,
        { hint: `on the host: cd ${want.dir} && docker compose config` },
      )
    if (kind === 'want') wanted.set(first, second)
    if (kind === 'have') containers.set(first, { hash: second, state: stateOf(state, status.join(' ')) })
    if (kind === 'image') images.push(first)
    if (kind === 'kept') kept.set(first, { hash: second, label: state })
    if (kind === 'sources') have = { ...have, sources: first }
    if (kind === 'built') have = { ...have, built: first }
  }
  return { ...have, wanted, containers, images, kept }
}

/** Whether a container is what the files say: by its label, or because neither side moved since it was brought up. */
function matches(
  label: string,
  hash: string,
  kept: { readonly hash: string; readonly label: string } | undefined,
): boolean {
  return label === hash || (kept?.hash === hash && kept.label === label)
}

function stateOf(state: string, status: string): string {
  if (state !== 'running') return state
  return /\(unhealthy\)/.test(status) ? 'unhealthy' : /\(health: starting\)/.test(status) ? 'starting' : 'running'
}

/** One field a service: it is missing, other than the files say, or not up. */
function diff(want: Args, have: Have): Change {
  const unknown = firstUnknown([
    want.env ?? null,
    want.files ?? null,
    want.build ?? null,
    want.pull ?? null,
    want.remove_orphans ?? null,
    want.wait ?? null,
  ])
  if (have.missing !== undefined)
    return {
      action: 'create',
      fields: [{ path: 'services', after: 'up', known: true }, ...(unknown ? [{ path: 'env', known: false }] : [])],
      why: have.missing,
    }
  const fields: Field[] = []
  for (const [service, hash] of have.wanted) {
    const there = have.containers.get(service)
    if (!there) fields.push({ path: service, after: 'up', known: true })
    else if (!matches(there.hash, hash, have.kept.get(service)))
      fields.push({
        path: service,
        before: 'another configuration',
        after: 'recreated',
        known: true,
        disruption: 'restart',
      })
    else if (there.state !== 'running' && there.state !== 'starting')
      fields.push({ path: service, before: there.state, after: 'running', known: true })
  }
  if (want.remove_orphans !== false)
    for (const service of have.containers.keys())
      if (!have.wanted.has(service)) fields.push({ path: service, before: 'up', after: 'removed', known: true })
  if (
    want.build !== 'never' &&
    (want.build as unknown) !== undefined &&
    have.built !== have.sources &&
    have.sources !== ''
  )
    fields.push({
      path: 'sources',
      before: have.built?.slice(0, 12) ?? 'never built',
      after: have.sources.slice(0, 12),
      known: true,
      disruption: 'restart',
    })
  if (unknown)
    return {
      action: fields.length > 0 ? 'update' : 'unknown',
      fields: [...fields, { path: 'env', known: false }],
      why: unknown.why,
    }
  if (fields.length === 0) return { action: 'none', fields }
  return { action: have.containers.size === 0 ? 'create' : 'update', fields }
}
