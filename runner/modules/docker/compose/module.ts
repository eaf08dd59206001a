import type { Output, Script, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { firstUnknown, isMap } from '../../../plan/unknown.ts'
import type { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { progress } from '../pull-progress.ts'
import { diff, stalesOf, type Container, type Have } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'
import { down, look, up } from './scripts.ts'

type Args = ArgsOf<typeof args>

const nothingThere: Have = {
  missing: 'there is no project yet',
  wanted: new Map(),
  containers: new Map(),
  local: new Map(),
  sources: new Map(),
  built: new Map(),
  kept: new Map(),
}

const missing: Readonly<Record<string, string>> = {
  docker: 'there is no Docker yet',
  compose: 'there is no Compose 2 yet',
  dir: 'its directory is not there yet',
  file: 'its files are not there yet',
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 30,
  slow: true,
  progress,
  probe: (want) => script(look, want),
  parse,
  blank: () => nothingThere,
  diff,
  steps: (want, have): readonly Step[] => [
    script(
      up,
      want,
      String(want.wait ?? 300),
      want.pull ?? '',
      want.remove_orphans === false ? 'keep' : '',
      (want.build === 'always' ? [...have.sources.keys()] : stalesOf(want, have)).join(' '),
    ),
  ],
  returned: (_want, { wanted, containers }) => ({
    services: [...wanted.keys()],
    images: [...new Set([...containers.values()].flat().map(({ image }) => image))].toSorted(),
  }),
  unsettled: ['images'],
  undo: (want, have) => (have.containers.size > 0 ? [script(down, want)] : []),
  effects: ({ dir, project }) => ({
    writes: [`compose:${project}`, `/var/lib/runner/compose/${project}`],
    // what its files name may be anywhere, but is mostly in these
    reads: [`${dir}/`, '/etc/', 'service:docker'],
  }),
  timeout: 1800,
}

/** Variables that are known go along: their values travel in the script, not on a command line. */
function script(text: string, want: Args, ...words: readonly string[]): Script {
  const files = Array.isArray(want.files) ? want.files.filter((file) => typeof file === 'string') : []
  const known = isMap(want.env) ? Object.entries(want.env).filter(([, value]) => !firstUnknown(value)) : []
  const env = Object.fromEntries(known) as Record<string, string | Secret>
  return { kind: 'script', text, args: [want.project, want.dir, ...words, ...files], env }
}

function parse({ stdout, stderr }: Output, want: Args): Have {
  const containers = new Map<string, readonly Container[]>()
  const maps = { want: new Map<string, string>(), local: new Map<string, string>() }
  const digests = { source: new Map<string, string>(), built: new Map<string, string>() }
  const kept = new Map<string, { hash: string; label: string }>()
  let absent: string | undefined
  for (const line of stdout.split('\n')) {
    const [kind, first = '', second = '', third = '', health = '', image = '', name = ''] = line.split(' ')
    if (kind === 'missing') absent = missing[first] ?? first
    if (kind === 'fault') {
      // with a value that is not known yet the files may make no sense yet
      if (firstUnknown(want.env ?? null)) return { ...nothingThere, missing: 'its variables are not known yet' }
      throw failure(
        'E773',
        `Compose does not understand the project ${want.project}: ${stderr.trim().split('\n').at(-1) ?? ''}`,
        { hint: `on the host: cd ${want.dir} && docker compose config` },
      )
    }
    if (kind === 'want' || kind === 'local') maps[kind].set(first, second)
    if (kind === 'source' || kind === 'built') digests[kind].set(first, second)
    if (kind === 'kept') kept.set(first, { hash: second, label: third })
    if (kind === 'have')
      containers.set(first, [
        ...(containers.get(first) ?? []),
        { hash: second, state: stateOf(third, health), image, name },
      ])
  }
  return {
    missing: absent,
    wanted: maps.want,
    containers,
    local: maps.local,
    sources: digests.source,
    built: digests.built,
    kept,
  }
}

function stateOf(state: string, health: string): string {
  return state === 'running' && (health === 'unhealthy' || health === 'starting') ? health : state
}
