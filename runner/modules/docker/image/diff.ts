import { failure } from '../../../language/diagnostic.ts'
import { canonical, type Change, type Field } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf } from '../../module.ts'
import { refuseSecrets } from '../../system/words.ts'
import type { args } from './schema.ts'

type Args = ArgsOf<typeof args>

export interface Have {
  readonly id: string | undefined
  /** Of what it was built, as it says itself. */
  readonly label: string
  /** `repository@sha256:…`. */
  readonly digests: readonly string[]
  /** Of what it would be built now; of a file, its digest. */
  readonly content: string | undefined
  /** Ids of the images in the file. */
  readonly archive: readonly string[]
  /** What the tag means in the registry now. */
  readonly registry: string | undefined
  /** Images of the same repository, the newest first. */
  readonly others: readonly { readonly tag: string; readonly id: string; readonly used: boolean }[]
  readonly missing: 'context' | 'archive' | 'host' | undefined
}

export function nameOf({ name }: Args): string {
  return name.includes('@') || /:[^/]*$/.test(name) ? name : `${name}:latest`
}

/** Without tag and digest. */
export function repositoryOf({ name }: Args): string {
  return name.replace(/@.*/, '').replace(/:[^/:]*$/, '')
}

/** What of the arguments goes into a build. */
export function decidingText({ dockerfile, target, build_args, platform }: Args): string {
  return firstUnknown(platform ?? null) ? '' : canonical({ dockerfile, target, build_args, platform })
}

export function diff(want: Args, have: Have): Change {
  refuseSecrets(want, 'build_args', 'platform', 'target')
  const unknown = firstUnknown(want.state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (want.state === 'absent')
    return have.id === undefined
      ? { action: 'none', fields: [] }
      : { action: 'delete', fields: [{ path: 'state', before: 'present', after: 'absent', known: true }] }
  refuse(want, have)
  const image = imageField(want, have)
  const old = oldField(want, have)
  const platform: Field | undefined = firstUnknown(want.platform ?? null)
    ? { path: 'platform', known: false }
    : undefined
  const fields = [image, old, platform].filter((field) => field !== undefined)
  if (have.id === undefined) return { action: 'create', fields }
  if (fields.length === 0) return { action: 'none', fields }
  return { action: fields.some((field) => field.known) ? 'update' : 'unknown', fields }
}

function refuse({ source = 'pull', context, archive, name }: Args, have: Have): void {
  if (source === 'build' && context === undefined) throw failure('E753', '`source: build` needs `context`')
  if (source === 'load' && archive === undefined) throw failure('E753', '`source: load` needs `archive`')
  if (source !== 'pull' && name.includes('@'))
    throw failure('E753', 'an image that is built or loaded has no digest yet: name it by a tag')
  if (have.missing === 'context') throw failure('E756', `${context} is not there, or no directory`)
  if (have.missing === 'archive') throw failure('E756', `${archive} is not there, or no file`)
}

function imageField({ source = 'pull', name, update }: Args, have: Have): Field | undefined {
  const short = (id: string | undefined): string => id?.replace(/^sha256:/, '').slice(0, 12) ?? ''
  const field = (before: string | undefined, after: string): Field => ({
    path: 'image',
    ...(before !== undefined && { before }),
    after,
    known: true,
  })
  if (have.id === undefined) return field(undefined, { pull: 'pulled', build: 'built', load: 'loaded' }[source])
  if (source === 'build')
    return have.label === have.content
      ? undefined
      : field(`built of ${short(have.label) || 'something else'}`, `built of ${short(have.content)}`)
  if (source === 'load')
    return have.archive.includes(have.id) ? undefined : field(short(have.id), short(have.archive[0]))
  if (update !== true || name.includes('@') || have.registry === undefined) return undefined
  const there = have.digests.map((digest) => digest.split('@')[1])
  return there.includes(have.registry) ? undefined : field(short(there[0] ?? have.id), short(have.registry))
}

/** Older tags than are to be kept, but for those that a container uses. */
function oldField(want: Args, have: Have): Field | undefined {
  if (want.keep === undefined) return undefined
  const own = nameOf(want).slice(repositoryOf(want).length + 1)
  const rest = have.others.filter(({ tag, id }) => tag !== '<none>' && tag !== own && id !== have.id)
  const old = rest.slice(want.keep).filter(({ used }) => !used)
  if (old.length === 0) return undefined
  return { path: 'old', before: old.map(({ tag }) => tag), after: [], known: true }
}
