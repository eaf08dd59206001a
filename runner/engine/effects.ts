import type { HostUnit } from './host-look.ts'

interface Effects {
  readonly writes: readonly string[]
  readonly reads?: readonly string[]
}

/** Every unit is compared with those before it: what it does is asked of its module once. */
const known = new WeakMap<HostUnit, Effects | 'anything'>()

function effectsOf(unit: HostUnit): Effects | undefined {
  let effects = known.get(unit)
  if (effects === undefined) {
    effects = unit.module.effects?.(unit.prepared.want) ?? 'anything'
    known.set(unit, effects)
  }
  return effects === 'anything' ? undefined : effects
}

/** Whether a unit may depend on what another, standing before it, writes; units without declared effects depend on all. */
export function dependsOn(later: HostUnit, earlier: HostUnit): boolean {
  // nothing else goes on while a host starts anew
  if (later.module.restarted || earlier.module.restarted) return true
  const writes = effectsOf(earlier)?.writes
  const effects = effectsOf(later)
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
  const writes = effectsOf(earlier)?.writes
  const effects = effectsOf(later)
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
