import type { Change, Field } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { args } from './schema.ts'

export type Args = Wanted<ArgsOf<typeof args>, 'project' | 'dir'>

export interface Container {
  /** Of its service's configuration when it was made. */
  readonly hash: string
  readonly state: string
  readonly image: string
  /** What the image was called. */
  readonly name: string
}

export interface Have {
  /** Why nothing could be asked: there is no Docker, or there are no files, yet. */
  readonly missing: string | undefined
  /** Hashes of the services' configurations. */
  readonly wanted: ReadonlyMap<string, string>
  readonly containers: ReadonlyMap<string, readonly Container[]>
  /** What names of images mean now. */
  readonly local: ReadonlyMap<string, string>
  /** Digests of what images are built from: now, and when they were last brought up. */
  readonly sources: ReadonlyMap<string, string>
  readonly built: ReadonlyMap<string, string>
  /** Of each service the hashes of its configuration and of its container's label when it was last brought up. */
  readonly kept: ReadonlyMap<string, { readonly hash: string; readonly label: string }>
}

/** One field a service: it is missing, other than the files say, of another image, or not up. */
export function diff(want: Args, have: Have): Change {
  const unknown = firstUnknown([
    want.env ?? null,
    want.files ?? null,
    want.build ?? null,
    want.pull ?? null,
    want.remove_orphans ?? null,
    want.wait ?? null,
  ])
  const open: readonly Field[] = unknown ? [{ path: 'env', known: false }] : []
  if (have.missing !== undefined)
    return {
      action: 'create',
      fields: [{ path: 'services', after: 'up', known: true }, ...open],
      why: have.missing,
    }
  const fields = [...have.wanted.keys()].flatMap((service) => fieldOf(want, have, service) ?? [])
  if (want.remove_orphans !== false)
    for (const service of have.containers.keys())
      if (!have.wanted.has(service)) fields.push({ path: service, before: 'up', after: 'removed', known: true })
  if (unknown)
    return { action: fields.length > 0 ? 'update' : 'unknown', fields: [...fields, ...open], why: unknown.why }
  if (fields.length === 0) return { action: 'none', fields }
  return { action: have.containers.size === 0 ? 'create' : 'update', fields }
}

function fieldOf(want: Args, have: Have, service: string): Field | undefined {
  const there = have.containers.get(service) ?? []
  const [first] = there
  if (!first) return { path: service, after: 'up', known: true }
  const restart = { path: service, known: true, disruption: 'restart' } as const
  if (there.some((container) => !sameConfiguration(have, service, container)))
    return { ...restart, before: 'another configuration', after: 'recreated' }
  if (stalesOf(want, have).includes(service))
    return { ...restart, before: 'built from other sources', after: 'rebuilt' }
  // a name can have got another image since: pulled, built or tagged by somebody
  const moved = there.find(({ name, image }) => (have.local.get(name) ?? image) !== image)
  if (moved) return { ...restart, before: short(moved.image), after: short(have.local.get(moved.name) ?? '') }
  const down = there.find(({ state }) => state !== 'running' && state !== 'starting')
  return down && { path: service, before: down.state, after: 'running', known: true }
}

/** Services whose image was built from other sources than those that are there now. */
export function stalesOf({ build }: Args, { sources, built }: Have): readonly string[] {
  if (build === 'never') return []
  return [...sources].flatMap(([service, digest]) => (built.get(service) === digest ? [] : [service]))
}

/** Whether a container is what the files say: by its label, or because neither side moved since it was brought up. */
function sameConfiguration(have: Have, service: string, { hash: label }: Container): boolean {
  const hash = have.wanted.get(service)
  const kept = have.kept.get(service)
  return label === hash || (kept !== undefined && kept.hash === hash && kept.label === label)
}

function short(image: string): string {
  return image.slice(0, 'sha256:'.length + 12)
}
