import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf } from '../../module.ts'
import type { Mounted } from '../fstab.ts'
import { normalPath } from '../path-state.ts'
import { refuseSecrets } from '../words.ts'
import { optionsAmiss } from './options.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>

export interface Have {
  /** Its line in /etc/fstab. */
  readonly entry: Mounted | undefined
  /** What the kernel has mounted there. */
  readonly live: Mounted | undefined
  /** Whether that is what is wanted, whatever name it has been given. */
  readonly sameSource: boolean
}

/** The line of /etc/fstab by its columns; `mounted` and `active_opts` are what counts now. */
export function diff(want: Args, have: Have): Change {
  refuseSecrets(want, 'src', 'fstype')
  const { path, src, fstype, opts = 'defaults', dump = 0, passno = 0, state = 'mounted' } = want
  if (/^\/[^/]?$/.test(normalPath(path)) && (state === 'absent' || state === 'unmounted'))
    throw failure('E753', `${path} is not unmounted: it holds the system`)
  const unknown = firstUnknown(state)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  const field = (before: string, after: string) => ({ path: 'state', before, after, known: true })
  if (state === 'unmounted')
    return have.live ? { action: 'update', fields: [field('mounted', state)] } : { action: 'none', fields: [] }
  if (state === 'absent')
    return have.live || have.entry
      ? { action: 'delete', fields: [field(have.live ? 'mounted' : 'present', state)] }
      : { action: 'none', fields: [] }
  if (src === undefined || fstype === undefined)
    throw failure('E753', `\`state: ${state}\` needs \`src\` and \`fstype\``)
  const now = state === 'mounted'
  const amiss = now && have.live && have.sameSource ? active(opts, have.live) : undefined
  const wanted = { src, fstype, opts, dump, passno, mounted: now ? true : undefined, active_opts: amiss?.wanted }
  if (!have.entry && !have.live) return compare({ ...wanted, active_opts: undefined }, undefined)
  const { entry } = have
  return compare(
    wanted,
    {
      ...(entry && { src: entry.src, fstype: entry.fstype, opts: entry.opts, dump: entry.dump, passno: entry.passno }),
      mounted: have.live !== undefined && have.sameSource,
      active_opts: amiss?.there,
    },
    { disruption: { src: 'restart', fstype: 'restart' } },
  )
}

function active(opts: unknown, live: Mounted): { readonly wanted: unknown; readonly there: string } | undefined {
  if (firstUnknown(opts)) return undefined
  if (opts instanceof Secret) {
    let amiss = 0
    opts.map((text) => {
      amiss = optionsAmiss(text, live.opts).length
      return ''
    })
    return amiss === 0 ? undefined : { wanted: opts, there: live.opts }
  }
  const list = optionsAmiss(String(opts), live.opts)
  return list.length === 0 ? undefined : { wanted: list.join(','), there: live.opts }
}
