import type { Diagnostic } from './diagnostic.ts'

/** Faults that follow where a value was not understood: it has the wrong type, too. */
const following: readonly string[] = ['E113', 'E114', 'E116', 'E120']

/** Each fault once, in the order of the file, the playbook first; where a trap of YAML explains a fault, only the trap. */
export function ordered(diagnostics: readonly Diagnostic[], first = ''): readonly Diagnostic[] {
  const seen = new Set<string>()
  const start = ({ at }: Diagnostic): string => JSON.stringify([at?.file, at?.start])
  const traps = new Set(diagnostics.filter((one) => /^E10\d$/.test(one.code) && one.at).map(start))
  const kept = diagnostics.filter((one) => {
    const key = JSON.stringify([one.code, one.at, one.message])
    if (seen.has(key) || (following.includes(one.code) && traps.has(start(one)))) return false
    return seen.add(key)
  })
  const rank = (one: Diagnostic): number => (one.at === undefined || one.at.file === first ? 0 : 1)
  return kept.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.at?.file ?? '').localeCompare(b.at?.file ?? '') ||
      (a.at?.start.line ?? 0) - (b.at?.start.line ?? 0) ||
      (a.at?.start.column ?? 0) - (b.at?.start.column ?? 0),
  )
}
