import type { HostUnit } from './host-look.ts'

/** Whether a unit may depend on what another, standing before it, writes; units without declared effects depend on all. */
export function dependsOn(later: HostUnit, earlier: HostUnit): boolean {
  // nothing else goes on while a host starts anew
  if (later.module.restarted || earlier.module.restarted) return true
  const writes = earlier.module.effects?.(earlier.prepared.want).writes
  const effects = later.module.effects?.(later.prepared.want)
  if (!writes || !effects) return true
  return [...effects.writes, ...(effects.reads ?? [])].some((token) =>
    writes.some((written) => overlap(token, written)),
  )
}

/** Whether nothing that one does can be seen by the other, so that they may go on at the same time. */
export function apart(a: HostUnit, b: HostUnit): boolean {
  return !dependsOn(a, b) && !dependsOn(b, a)
}

/**
 * Whether an earlier unit writes the very thing that a later one is about (not merely a directory above it), or something in a directory
 * of which the later one says, by a slash at its end, that it depends on what is in it.
 */
export function rewrites(earlier: HostUnit, later: HostUnit): boolean {
  const writes = earlier.module.effects?.(earlier.prepared.want).writes
  const effects = later.module.effects?.(later.prepared.want)
  if (!writes || !effects) return false
  return [...effects.writes, ...(effects.reads ?? [])].some((token) =>
    // `/` alone: it may be any path, which is no reason to think that it is this one
    writes.some((written) => token !== '/' && (written === token || (token.endsWith('/') && overlap(token, written)))),
  )
}

function overlap(a: string, b: string): boolean {
  if (a === b) return true
  if (!a.startsWith('/') || !b.startsWith('/')) return false
  const under = (path: string, above: string): boolean => path.startsWith(above.endsWith('/') ? above : `${above}/`)
  return under(a, b) || under(b, a)
}
