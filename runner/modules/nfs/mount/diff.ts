import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, hasSecret } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Mounted } from '../../system/fstab.ts'
import { mountedWith, optionsFor } from './options.ts'
import type { args } from './schema.ts'

export type Args = Wanted<ArgsOf<typeof args>, 'path'>

export interface Have {
  /** What the kernel has mounted there, if that is a directory of a server. */
  readonly live: Mounted | undefined
  /** Its line in /etc/fstab. */
  readonly entry: Mounted | undefined
  /** Programs that mount. */
  readonly programs: readonly string[]
  readonly distro: string
}

export function diff(want: Args, have: Have): Change {
  const { src, state, tls } = want
  const unknown = firstUnknown(state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (state === 'absent')
    return have.live === undefined && !have.entry
      ? { action: 'none', fields: [] }
      : { action: 'delete', fields: [{ path: 'state', before: 'mounted', after: 'absent', known: true }] }
  const missing = missingPackage(want, have)
  if (missing !== undefined && have.distro !== 'debian' && have.distro !== 'ubuntu')
    throw failure(
      'E770',
      `${missing} is missing, and this host is ${have.distro}: it is installed on Debian and Ubuntu only`,
      {
        hint: 'install what gives mount.nfs4 by a task before',
      },
    )
  if (hasSecret(want.before))
    throw failure('E753', '`before` may not hold a secret: it stands in /etc/fstab for all to read')
  const options = openOptions(want)
  const wanted = {
    src,
    options,
    tls: have.entry ? (tls ?? false) : tls === false ? undefined : tls,
    package: missing,
    mounted: state === 'present' ? undefined : true,
  }
  if (!have.entry && have.live === undefined) return compare(wanted, undefined)
  const off = have.live !== undefined && typeof options === 'string' && !liveAsWanted(want, have.live, options)
  const change = compare(
    wanted,
    {
      src: have.entry?.src,
      options: off && have.entry?.opts === options ? `mounted with ${have.live?.opts}` : have.entry?.opts,
      tls: have.entry?.fstype === 'efs',
      package: undefined,
      mounted: have.live !== undefined && fromEntry(have),
    },
    { disruption: { src: 'restart', options: 'restart', tls: 'restart' } },
  )
  return change
}

/** The text of the options, or the unknown or secret that it waits for. */
function openOptions(want: Args): unknown {
  const { options, tls, before } = want
  const open = firstUnknown([options ?? null, tls ?? null, before ?? null])
  if (open) return open
  const plain = {
    ...(before !== undefined && { before: before as readonly string[] }),
    ...(tls === true && { tls: true }),
  }
  if (options instanceof Secret) return options.map((text) => optionsFor({ ...plain, options: text }))
  return optionsFor({ ...plain, ...(typeof options === 'string' && { options }) })
}

/** By amazon-efs-utils it is mounted from this host itself, with options of its own. */
function liveAsWanted({ tls, state }: Args, live: Mounted, options: string): boolean {
  return state === 'present' || tls === true || mountedWith(options, live.opts)
}

function fromEntry({ live, entry }: Have): boolean {
  return !entry || entry.fstype === 'efs' || live?.src === entry.src
}

/** What has to be installed before anything can be mounted. */
export function missingPackage({ tls }: Args, { programs }: Have): string | undefined {
  if (tls === true) return programs.includes('mount.efs') ? undefined : 'amazon-efs-utils'
  return programs.includes('mount.nfs4') ? undefined : 'nfs-common'
}
